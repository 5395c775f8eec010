// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.testing.Seeded;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class FloatRootTest {

    @Seeded(cases = 20)
    void shouldBeWithinEightUnitsOfTheEleventhDigit(RandomGenerator random) {
        for (int i = 0; i < 10_000; i++) {
            float x = (float) StrictMath.pow(2, random.nextDouble(-80, 128));
            assertThat(root(x)).isCloseTo(Math.sqrt(x), Percentage.withPercentage(8e-9));
        }
    }

    @Test
    void shouldBeExactForSquares() {
        for (int i = 0; i < 4096; i++) {
            assertThat(root((float) i * i)).isEqualTo(i);
        }
    }

    @Test
    void shouldBeOffByAlmostNothingWhereAFloatCannotHoldTheRemainder() {
        for (float x = Float.MIN_VALUE; x < 0x1p-80f; x = Math.nextUp(x * 1.3f)) {
            assertThat(root(x)).isCloseTo(Math.sqrt(x), within(0x1p-85 + 8e-11 * Math.sqrt(x)));
        }
        assertThat(root(0)).isZero();
    }

    private static double root(float x) {
        float s = FloatRoot.root(x);
        float h = FloatRoot.refined(FloatRoot.estimate(Float.floatToRawIntBits(s)), s);
        return s + 0.5 * FloatRoot.remainder(x, s) * h;
    }
}
