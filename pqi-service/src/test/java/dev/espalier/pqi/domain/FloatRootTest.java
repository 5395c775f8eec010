// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.testing.Seeded;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class FloatRootTest {

    @Seeded(cases = 20)
    void shouldBeWithinThreeUnitsOfTheTwelfthDigit(RandomGenerator random) {
        for (int i = 0; i < 10_000; i++) {
            float x = (float) StrictMath.pow(2, random.nextDouble(-80, 128));
            assertThat(root(x)).isCloseTo(Math.sqrt(x), Percentage.withPercentage(3e-10));
        }
    }

    @Test
    void shouldBeExactForSquares() {
        for (int i = 0; i < 4096; i++) {
            assertThat(root((float) i * i)).isEqualTo(i);
        }
    }

    @Test
    void shouldCallTinyWhatIsBelowTheLimitButNotZero() {
        assertThat(isTiny(0)).isFalse();
        assertThat(isTiny(Float.MIN_VALUE)).isTrue();
        assertThat(isTiny(Math.nextDown(FloatRoot.SMALLEST))).isTrue();
        assertThat(isTiny(FloatRoot.SMALLEST)).isFalse();
        assertThat(isTiny(Float.MAX_VALUE)).isFalse();
        assertThat(isTiny(Float.POSITIVE_INFINITY)).isFalse();
    }

    private static boolean isTiny(float x) {
        return FloatRoot.isTiny(Float.floatToRawIntBits(x));
    }

    private static double root(float x) {
        float s = FloatRoot.root(x);
        float h = FloatRoot.refined(FloatRoot.estimate(Float.floatToRawIntBits(x)), s);
        return s + 0.5 * FloatRoot.remainder(x, s) * h;
    }
}
