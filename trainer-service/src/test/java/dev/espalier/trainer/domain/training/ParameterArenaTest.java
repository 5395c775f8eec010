// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.trainer.domain.model.Linear;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterArenaTest {

    private static final int SIZE = 7 * 5;

    private final ParameterArena arena = new ParameterArena(new Linear(5, 7).parameters());

    @AfterEach
    void close() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStepAsTheFormulaSays(boolean nesterov) {
        TrainingSpec recipe = recipe(nesterov, 0.5);
        double[] w = new double[SIZE];
        double[] m = new double[SIZE];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < SIZE; i++) {
            w[i] = (float) (random.nextDouble() - 0.5);
            set(arena.weights(0), i, w[i]);
        }
        for (int step = 0; step < 5; step++) {
            double[] g = new double[SIZE];
            double squares = 0;
            for (int i = 0; i < SIZE; i++) {
                g[i] = (float) (random.nextDouble() - 0.5);
                set(arena.gradients(0), i, g[i]);
                squares += g[i] * g[i];
            }
            double norm = SgdStep.gradientNorm(arena);
            assertThat(norm).isCloseTo(Math.sqrt(squares), within(1e-6));

            SgdStep.apply(arena, recipe, 0.1, norm);

            for (int i = 0; i < SIZE; i++) {
                double clipped = g[i] * Math.min(1, 0.5 / (norm + 1e-6)) + 5e-4 * w[i];
                m[i] = 0.9 * m[i] + clipped;
                w[i] -= 0.1 * (nesterov ? clipped + 0.9 * m[i] : m[i]);
                assertThat(get(arena.weights(0), i)).isCloseTo(w[i], within(1e-6));
                assertThat(get(arena.momentum(0), i)).isCloseTo(m[i], within(1e-6));
                assertThat(get(arena.gradients(0), i)).isZero();
            }
        }
    }

    @Test
    void invariant3ShouldKeepPrunedWeightsAndMomentumAtPositiveZero() {
        MaskTensor mask = MaskTensor.ones(List.of(7L, 5L));
        for (int i = 0; i < SIZE; i += 3) {
            mask.clear(i);
        }
        SplittableRandom random = new SplittableRandom(2);
        fill(arena.weights(0), random);
        fill(arena.momentum(0), random);

        arena.mask(0, mask);
        for (int step = 0; step < 20; step++) {
            fill(arena.gradients(0), random);
            SgdStep.apply(arena, recipe(true, 1), 0.1, SgdStep.gradientNorm(arena));
        }

        for (int i = 0; i < SIZE; i++) {
            int bits = arena.weights(0).getAtIndex(ValueLayout.JAVA_INT, i);
            int momentum = arena.momentum(0).getAtIndex(ValueLayout.JAVA_INT, i);
            if (mask.get(i)) {
                assertThat(bits).isNotZero();
            } else {
                assertThat(bits).isZero();
                assertThat(momentum).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStepToTheSameBytesInVectorsAndWithout(boolean nesterov) {
        MaskTensor pruning = MaskTensor.ones(List.of(7L, 5L));
        pruning.clear(3);
        try (ParameterArena scalar = new ParameterArena(new Linear(5, 7).parameters())) {
            SplittableRandom random = new SplittableRandom(4);
            fill(arena.weights(0), random);
            scalar.weights().copyFrom(arena.weights());
            arena.mask(0, pruning);
            scalar.mask(0, pruning);
            for (int step = 0; step < 50; step++) {
                fill(arena.gradients(0), random);
                scalar.gradients().copyFrom(arena.gradients());
                double norm = SgdStep.gradientNorm(arena, true);
                assertThat(SgdStep.gradientNorm(scalar, false)).isEqualTo(norm);
                SgdStep.apply(arena, recipe(nesterov, 0.5), 0.1, norm, true);
                SgdStep.apply(scalar, recipe(nesterov, 0.5), 0.1, norm, false);
                assertThat(scalar.weights().mismatch(arena.weights())).isEqualTo(-1);
                assertThat(scalar.momentum().mismatch(arena.momentum())).isEqualTo(-1);
            }
        }
    }

    @Test
    void shouldNotCountPrunedWeightsInTheNorm() {
        MaskTensor mask = MaskTensor.zeros(List.of(7L, 5L));
        mask.set(4);
        arena.mask(0, mask);
        fill(arena.gradients(0), new SplittableRandom(3));
        set(arena.gradients(0), 4, 2);

        assertThat(SgdStep.gradientNorm(arena)).isEqualTo(2);
    }

    @Test
    void shouldZeroPrunedWeightsThatAreLoaded() {
        MaskTensor mask = MaskTensor.ones(List.of(7L, 5L));
        mask.clear(6);
        arena.mask(0, mask);
        float[] values = new float[SIZE];
        java.util.Arrays.fill(values, -3);

        arena.load(0, MemorySegment.ofArray(values));

        assertThat(arena.weights(0).getAtIndex(ValueLayout.JAVA_INT, 6)).isZero();
        assertThat(get(arena.weights(0), 7)).isEqualTo(-3);
    }

    @Test
    void shouldRefuseMaskOfAnotherShape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> arena.mask(0, MaskTensor.ones(List.of(5L, 7L))))
                .withMessageContaining("linear.weight");
    }

    private static TrainingSpec recipe(boolean nesterov, double clip) {
        return new TrainingSpec(
                1, 250, 0.1, 0.9, nesterov, 5e-4, clip, TrainingSpec.Schedule.COSINE);
    }

    private static void fill(MemorySegment segment, SplittableRandom random) {
        for (int i = 0; i < SIZE; i++) {
            set(segment, i, random.nextDouble() - 0.5);
        }
    }

    private static void set(MemorySegment segment, int index, double value) {
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
    }

    private static double get(MemorySegment segment, int index) {
        return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }
}
