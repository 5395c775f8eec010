// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.PolicyRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the controller decides. */
final class Decisions {

    private Decisions() {}

    static PruningDecided on(int iteration, Verdict verdict, @Nullable ArtifactRef mask) {
        return on(RunsFixture.RUN, iteration, verdict, mask);
    }

    static PruningDecided on(
            RunId run, int iteration, Verdict verdict, @Nullable ArtifactRef mask) {
        return on(
                run, iteration, verdict, verdict == Verdict.STOP ? Outcome.COMPLETED : null, mask);
    }

    static PruningDecided on(
            int iteration, Verdict verdict, Outcome outcome, @Nullable ArtifactRef mask) {
        return on(RunsFixture.RUN, iteration, verdict, outcome, mask);
    }

    static PruningDecided on(
            RunId run,
            int iteration,
            Verdict verdict,
            @Nullable Outcome outcome,
            @Nullable ArtifactRef mask) {
        return new PruningDecided(
                run,
                iteration,
                verdict,
                outcome,
                new Reason("test", "because"),
                new PolicyRef("test", "000000000000", "built-in"),
                mask,
                10,
                10,
                0,
                1,
                null,
                List.of(),
                List.of());
    }
}
