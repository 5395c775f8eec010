// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.run.TrainingSpec;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {

    @Test
    void shouldBePermutationThatDependsOnSeedIterationAndEpoch() {
        int[] order = Shuffle.order(1000, 7, 3, 2);

        int[] sorted = order.clone();
        Arrays.sort(sorted);
        assertThat(sorted).isEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(order)
                .isEqualTo(Shuffle.order(1000, 7, 3, 2))
                .isNotEqualTo(Shuffle.order(1000, 7, 3, 1))
                .isNotEqualTo(Shuffle.order(1000, 7, 2, 2))
                .isNotEqualTo(Shuffle.order(1000, 8, 3, 2));
    }

    @Test
    void shouldAnnealAlongHalfACosine() {
        TrainingSpec spec =
                new TrainingSpec(4, 250, 0.2, 0.9, true, 0, 1, TrainingSpec.Schedule.COSINE);
        Recipe recipe = new Recipe(spec, 0);

        assertThat(recipe.learningRateAt(0)).isEqualTo(0.2);
        assertThat(recipe.learningRateAt(2)).isCloseTo(0.1, within(1e-15));
        assertThat(recipe.learningRateAt(4)).isCloseTo(0, within(1e-15));
    }
}
