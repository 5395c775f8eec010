// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.cli.CliException;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunLength;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.transport.documents.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecificationBuilderTest {

    private static final Policy SAP_13 =
            new Policy(
                    "p",
                    Scope.LAYER,
                    new PruningRule.Sap(1, 3, 0, 1, 0.9),
                    1,
                    List.of(),
                    StopRule.NONE);

    @TempDir Path folder;

    private static RunSettings settings(Path file, String model, String dataset, Path data) {
        return new RunSettings(
                file, null, model, dataset, data, null, null, null, null, null, null, null, null,
                null);
    }

    @Test
    void shouldTakeWhatTheFlagsSay() {
        RunSpecification run =
                SpecificationBuilder.build(
                        new RunSettings(
                                null,
                                TrainerKind.ESPALIER,
                                "mlp",
                                "mnist",
                                Path.of("/data"),
                                new RunLength.Bounded(10),
                                2,
                                100,
                                0.05,
                                7L,
                                Rewind.NONE,
                                SAP_13,
                                List.of(new NormPair(1, 2)),
                                null));

        assertThat(run.model()).isEqualTo("mlp");
        assertThat(run.dataset().dir()).isEqualTo("/data");
        assertThat(run.iterations()).isEqualTo(10);
        assertThat(run.training().epochs()).isEqualTo(2);
        assertThat(run.training().batchSize()).isEqualTo(100);
        assertThat(run.training().learningRate()).isEqualTo(0.05);
        assertThat(run.training().momentum()).isEqualTo(TrainingSpec.DEFAULT.momentum());
        assertThat(run.seed()).isEqualTo(7);
        assertThat(run.rewind()).isEqualTo(Rewind.NONE);
        assertThat(run.policy()).isEqualTo(SAP_13);
        assertThat(run.pairs()).containsExactly(new NormPair(1, 2));
    }

    @Test
    void shouldLetFlagsOverrideTheFileAndKeepTheRest() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("run.yaml"),
                        """
                        model: linear
                        dataset: {name: mnist, dir: sub/../digits}
                        training: {epochs: 3, momentum: 0}
                        seed: 5
                        """);

        RunSpecification run = SpecificationBuilder.build(settings(file, "mlp", null, null));

        assertThat(run.model()).isEqualTo("mlp");
        assertThat(run.training().epochs()).isEqualTo(3);
        assertThat(run.training().momentum()).isZero();
        assertThat(run.seed()).isEqualTo(5);
        assertThat(run.dataset().dir()).isEqualTo(folder.resolve("digits").toString());
    }

    @Test
    void shouldNeedModelAndDataUnlessTheTrainerIsExternal() {
        assertThatThrownBy(() -> SpecificationBuilder.build(settings(null, null, null, null)))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("--model")
                .hasMessageContaining("--dataset")
                .hasMessageContaining("--trainer external");
        RunSpecification external =
                SpecificationBuilder.build(
                        new RunSettings(
                                null,
                                TrainerKind.EXTERNAL,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null));
        assertThat(external.trainer()).isEqualTo(TrainerKind.EXTERNAL);
    }

    @Test
    void shouldNameTheFileAndTheFieldThatAreWrong() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("run.yaml"),
                        "model: mlp\ndataset: {name: mnist}\nepochs: 3\n");

        assertThatThrownBy(() -> SpecificationBuilder.build(settings(file, null, null, null)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("run.yaml")
                .hasMessageContaining("epochs");
        Files.writeString(file, "just text");
        assertThatThrownBy(() -> SpecificationBuilder.build(settings(file, null, null, null)))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("is no run specification");
        Files.writeString(file, "model: [unclosed");
        assertThatThrownBy(() -> SpecificationBuilder.build(settings(file, null, null, null)))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("is no YAML");
    }

    @Test
    void shouldRefuseValuesThatNoRunCanHave() {
        RunSettings zeroEpochs =
                new RunSettings(
                        null, null, "mlp", "mnist", null, null, 0, null, null, null, null, null,
                        null, null);
        assertThatThrownBy(() -> SpecificationBuilder.build(zeroEpochs))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("the command line")
                .hasMessageContaining("epochs");
    }

    @Test
    void shouldMeasureThePairThatThePolicyPrunesBy() {
        RunSpecification run =
                SpecificationBuilder.build(settings(null, "mlp", "wave-source", null));

        assertThat(SpecificationBuilder.measuringFor(SAP_13, run).pairs())
                .containsExactly(new NormPair(0.5, 1), new NormPair(1, 2), new NormPair(1, 3));
        assertThat(SpecificationBuilder.measuringFor(Policy.DEFAULT, run)).isEqualTo(run);
        assertThat(SpecificationBuilder.isMeasured(SAP_13, run)).isFalse();
        assertThat(SpecificationBuilder.isMeasured(Policy.DEFAULT, run)).isTrue();
    }

    @Test
    void shouldEndTheDemoWhenLittleIsLeft() {
        RunSpecification usual = DemoPlan.specification(null, 2, 0, null);
        assertThat(usual.policy().stop().remainingBelow()).isEqualTo(0.1);
        assertThat(usual.policy().rule()).isEqualTo(Policy.DEFAULT.rule());

        RunSpecification counted = DemoPlan.specification(3, 2, 0, null);
        assertThat(counted.iterations()).isEqualTo(3);
        assertThat(counted.policy().stop().remainingBelow()).isNull();
    }
}
