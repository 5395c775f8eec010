// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.testing.Seeded;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TenthRootTest {

    @Seeded(cases = 20)
    void shouldBeWithinAFewUnitsOfTheLastPlace(RandomGenerator random) {
        for (int i = 0; i < 10_000; i++) {
            double x = StrictMath.pow(2, random.nextDouble(-149, 128));
            assertRoot(x);
        }
    }

    @Seeded(cases = 20)
    void shouldBeAsCloseForFloats(RandomGenerator random) {
        for (int i = 0; i < 10_000; i++) {
            float x = (float) StrictMath.pow(2, random.nextDouble(-149, 128));
            assertThat(TenthRoot.completed(x, TenthRoot.inverse((float) Math.sqrt(x))))
                    .isCloseTo(StrictMath.pow(x, 0.1), Percentage.withPercentage(4e-13));
        }
    }

    @Test
    void shouldKeepTheZeroOfFloats() {
        assertThat(TenthRoot.completed(0, TenthRoot.inverse(0))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0x1p-149,
                0x1p-126,
                1e-38,
                0x1p-300,
                0x1p-301,
                0x1p300,
                0x1p301,
                1,
                1024,
                3e38,
                Double.MIN_VALUE,
                Double.MAX_VALUE
            })
    void shouldHoldAtTheEdges(double x) {
        assertRoot(x);
    }

    @Test
    void shouldKeepZeroAndWhatIsNotFinite() {
        assertThat(TenthRoot.of(0)).isZero();
        assertThat(TenthRoot.of(Double.NaN)).isNaN();
        assertThat(TenthRoot.of(Double.POSITIVE_INFINITY)).isInfinite();
    }

    private static void assertRoot(double x) {
        assertThat(TenthRoot.of(x))
                .isCloseTo(StrictMath.pow(x, 0.1), Percentage.withPercentage(4e-13));
    }
}
