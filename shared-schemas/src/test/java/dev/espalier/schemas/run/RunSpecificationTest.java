// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.run.TrainingSpec.Schedule;
import dev.espalier.schemas.sparsity.NormPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RunSpecificationTest {

    @Test
    void shouldDefaultToTheRecipeOfThePaper() {
        assertThat(TrainingSpec.DEFAULT)
                .isEqualTo(new TrainingSpec(10, 250, 0.1, 0.9, true, 5e-4, 1, Schedule.COSINE));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0.1, 0.9, 0, 1, training.epochs is 0",
        "1, 0, 0.1, 0.9, 0, 1, training.batchSize is 0",
        "1, 1, 0, 0.9, 0, 1, training.learningRate is 0.0",
        "1, 1, NaN, 0.9, 0, 1, training.learningRate is NaN",
        "1, 1, 0.1, 1, 0, 1, training.momentum is 1.0",
        "1, 1, 0.1, NaN, 0, 1, training.momentum is NaN",
        "1, 1, 0.1, 0.9, -1, 1, training.weightDecay is -1.0",
        "1, 1, 0.1, 0.9, 0, 0, training.clipNorm is 0.0",
        "1, 1, 0.1, 0.9, 0, Infinity, training.clipNorm is Infinity"
    })
    void shouldRefuseRecipesThatTrainNothing(
            int epochs,
            int batchSize,
            double learningRate,
            double momentum,
            double weightDecay,
            double clipNorm,
            String message) {
        assertThatThrownBy(
                        () ->
                                new TrainingSpec(
                                        epochs,
                                        batchSize,
                                        learningRate,
                                        momentum,
                                        true,
                                        weightDecay,
                                        clipNorm,
                                        Schedule.CONSTANT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldAskOfOurTrainerOnlyForModelAndData() {
        assertThatThrownBy(() -> specification(TrainerKind.ESPALIER, null))
                .hasMessageContaining("model is null and dataset is null")
                .hasMessageContaining("set trainer to external");

        assertThat(specification(TrainerKind.EXTERNAL, null).pairs()).isEqualTo(NormPair.DEFAULTS);
    }

    @Test
    void shouldRefuseIterationsThatSixDigitsDoNotHold() {
        assertThatThrownBy(() -> specification(TrainerKind.EXTERNAL, -1))
                .hasMessage("iterations is -1, outside 0 to 999999");
        assertThatThrownBy(() -> specification(TrainerKind.EXTERNAL, 1_000_000))
                .hasMessageContaining("1000000");
    }

    @Test
    void shouldRefuseToRewindPastTheLastEpoch() {
        assertThatThrownBy(
                        () ->
                                new RunSpecification(
                                        TrainerKind.EXTERNAL,
                                        null,
                                        null,
                                        TrainingSpec.DEFAULT,
                                        0,
                                        new Rewind.ToEpoch(11),
                                        null,
                                        List.of(),
                                        null))
                .hasMessage("rewind.epoch is 11, above training.epochs, which is 10");
        assertThatThrownBy(() -> new Rewind.ToEpoch(0)).hasMessageContaining("below 1");
        assertThat(Rewind.of("none")).isEqualTo(Rewind.NONE);
        assertThat(Rewind.of(java.util.Map.of("epoch", 3))).isEqualTo(new Rewind.ToEpoch(3));
        assertThatThrownBy(() -> Rewind.of("start")).hasMessageContaining("expected initial, none");
    }

    @Test
    void shouldRefuseMilestonesThatDoNotAscendAndSharesOfNothing() {
        assertThatThrownBy(() -> steps(List.of(3, 3))).hasMessageContaining("[3, 3]");
        assertThatThrownBy(() -> steps(List.of(0))).hasMessageContaining("not ascending from 1");
        assertThat(steps(List.of(1, 2)).milestones()).containsExactly(1, 2);
        assertThatThrownBy(() -> new DatasetSpec("mnist", null, 1.0, null))
                .hasMessage("dataset.validation is 1.0, not between 0 and 1");
    }

    private static TrainingSpec steps(List<Integer> milestones) {
        return new TrainingSpec(4, 250, 0.1, 0.9, true, 5e-4, 1, Schedule.STEP, milestones, null);
    }

    @Test
    void shouldRefuseADataSetWithoutName() {
        assertThatThrownBy(() -> new DatasetSpec(" ", null)).hasMessage("dataset.name is blank");
    }

    @ParameterizedTest
    @EnumSource(ReportedState.class)
    void shouldKnowWhichStatesAreFinal(ReportedState state) {
        assertThat(state.isFinal()).isEqualTo(state.compareTo(ReportedState.PAUSED) > 0);
    }

    private static RunSpecification specification(TrainerKind trainer, Integer iterations) {
        return new RunSpecification(
                trainer,
                null,
                null,
                TrainingSpec.DEFAULT,
                0,
                Rewind.INITIAL,
                iterations,
                List.of(),
                null);
    }
}
