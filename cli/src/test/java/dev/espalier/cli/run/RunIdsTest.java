// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.cli.CliException;
import dev.espalier.cli.CliRun;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunIdsTest {

    private static RunSpecification run(TrainerKind trainer, String model, String dataset) {
        return new RunSpecification(
                trainer,
                model,
                dataset == null ? null : new DatasetSpec(dataset, null),
                TrainingSpec.DEFAULT,
                0,
                Rewind.INITIAL,
                null,
                NormPair.DEFAULTS,
                null);
    }

    @Test
    void shouldTellModelDataAndTime() {
        RunSpecification run = run(TrainerKind.ESPALIER, "mlp", "mnist");

        assertThat(RunIds.propose(run, CliRun.NOW, _ -> false))
                .isEqualTo(new RunId("mlp-mnist-20261120-104500"));
    }

    @Test
    void shouldCountWhereTwoAreAskedForInOneSecond() {
        Set<RunId> taken =
                Set.of(
                        new RunId("mlp-mnist-20261120-104500"),
                        new RunId("mlp-mnist-20261120-104500-2"));

        assertThat(
                        RunIds.propose(
                                run(TrainerKind.ESPALIER, "mlp", "mnist"),
                                CliRun.NOW,
                                taken::contains))
                .isEqualTo(new RunId("mlp-mnist-20261120-104500-3"));
    }

    @Test
    void shouldMakeLegalIdsOfAnyNames() {
        assertThat(RunIds.propose(run(TrainerKind.EXTERNAL, null, null), CliRun.NOW, _ -> false))
                .isEqualTo(new RunId("external-20261120-104500"));
        assertThat(
                        RunIds.propose(
                                run(
                                        TrainerKind.EXTERNAL,
                                        "Ünder_Score.v2 of a rather long name",
                                        "???"),
                                CliRun.NOW,
                                _ -> false))
                .isEqualTo(new RunId("nder-score-v2-of-a-run-20261120-104500"));
    }

    @Test
    void shouldRefuseIdsThatNoTopicOrFolderTakes() {
        assertThatThrownBy(() -> RunIds.parse("My_Run"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("'My_Run' is not a run id");
    }
}
