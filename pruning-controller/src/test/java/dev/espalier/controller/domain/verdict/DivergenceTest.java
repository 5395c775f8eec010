// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.NormPair;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DivergenceTest {

    private static final RunId RUN = new RunId("r");
    private static final Reason WHY = new Reason("why", "for a reason");

    private static SnapshotPublished snapshot(Metric... metrics) {
        return new SnapshotPublished(
                RUN,
                3,
                ArtifactRef.of("b", ObjectKey.weights(RUN, 3), Sha256.of(new byte[1]), 1),
                null,
                List.of(metrics),
                NormPair.DEFAULTS);
    }

    @Test
    void shouldLetOnlyARollBackSaveARunThatDiverged() {
        SnapshotPublished diverged = snapshot(new Metric("diverged", "train", 1));

        assertThat(Divergence.judge(diverged, Ruling.rollBack(WHY)))
                .isEqualTo(Ruling.rollBack(WHY));
        for (Ruling other : List.of(Ruling.prune(WHY), Ruling.keep(WHY), Ruling.completed(WHY))) {
            Ruling ruling = Divergence.judge(diverged, other);
            assertThat(ruling.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(ruling.reason())
                    .isEqualTo(
                            new Reason(
                                    "diverged",
                                    "the training of iteration 3 diverged, and the policy does not go back: for a reason"));
        }
    }

    @Test
    void shouldLeaveOtherRunsAlone() {
        SnapshotPublished sound = snapshot(new Metric("diverged", "train", 0));

        assertThat(Divergence.judge(sound, Ruling.prune(WHY))).isEqualTo(Ruling.prune(WHY));
        assertThat(Divergence.judge(snapshot(), Ruling.keep(WHY))).isEqualTo(Ruling.keep(WHY));
    }
}
