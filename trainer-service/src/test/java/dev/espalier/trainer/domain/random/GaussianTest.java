// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GaussianTest {

    @Test
    void shouldHaveTheMomentsOfTheNormalDistribution() {
        Gaussian gaussian = new Gaussian(new SplittableRandom(1));
        int n = 200_000;
        double sum = 0;
        double squares = 0;
        double fourths = 0;
        for (int i = 0; i < n; i++) {
            double x = gaussian.next();
            sum += x;
            squares += x * x;
            fourths += x * x * x * x;
        }

        assertThat(sum / n).isCloseTo(0, within(0.01));
        assertThat(squares / n).isCloseTo(1, within(0.02));
        assertThat(fourths / n).isCloseTo(3, within(0.1));
    }

    @Test
    void shouldTellSeedsOfDifferentPurposesApart() {
        assertThat(Seeds.derive(0, 1, 2))
                .isEqualTo(Seeds.derive(0, 1, 2))
                .isNotEqualTo(Seeds.derive(0, 2, 1))
                .isNotEqualTo(Seeds.derive(1, 1, 2))
                .isNotEqualTo(Seeds.derive(0, 1));
    }
}
