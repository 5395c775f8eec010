// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.event.CompressibilityMeasured;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MeasurementTest {

    private static final List<Double> EXPONENTS = List.of(1.0, 2.0);

    private final MeasuredTensor tensor =
            new MeasuredTensor(
                    "fc.weight",
                    List.of(2L, 3L),
                    5,
                    List.of(15.0, 55.0),
                    new MeasuredTensor.Units(
                            List.of(3L, 2L), List.of(List.of(6.0, 9.0), List.of(14.0, 41.0))));

    @Test
    void shouldFindTheSumsOfEveryScope() {
        assertThat(tensor.total()).isEqualTo(6);
        assertThat(tensor.units().count()).isEqualTo(2);
        assertThat(tensor.powerSums(EXPONENTS))
                .isEqualTo(new PowerSums(EXPONENTS, 5, List.of(15.0, 55.0)));
        assertThat(tensor.powerSums(EXPONENTS, 1))
                .isEqualTo(new PowerSums(EXPONENTS, 2, List.of(9.0, 41.0)));
    }

    @Test
    void shouldRefuseColumnsOfUnequalLength() {
        assertThatThrownBy(() -> new MeasuredTensor.Units(List.of(3L, 2L), List.of(List.of(6.0))))
                .hasMessage("2 rows, but a column of 1 sums");
    }

    @Test
    void shouldFindEveryExponentOnce() {
        assertThat(NormPair.exponents(List.of(new NormPair(1, 2), new NormPair(0.5, 1))))
                .containsExactly(0.5, 1.0, 2.0);
        assertThat(NormPair.distinct(List.of(new NormPair(1, 2), new NormPair(1, 2))))
                .containsExactly(new NormPair(1, 2));
        assertThat(NormPair.distinct(List.of())).isEqualTo(NormPair.DEFAULTS);
    }

    @Test
    void shouldRefuseNormsThatAreNone() {
        assertThatThrownBy(() -> new NormPair(1, 1))
                .hasMessageContaining("p is 1.0 and q is 1.0: p must be below q");
        assertThatThrownBy(() -> new NormPair(Double.NaN, 1)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new NormPair(0, 1)).hasMessageContaining("within 0.01 to 8.0");
        assertThatThrownBy(() -> new NormPair(1, 8.1)).hasMessageContaining("within 0.01 to 8.0");
    }

    @Test
    void shouldHaveTheGridOfThePaperWithoutThePairThatIsNoIndex() {
        assertThat(NormPair.GRID).hasSize(109).startsWith(new NormPair(0.5, 1), new NormPair(1, 2));
        assertThat(NormPair.GRID).contains(new NormPair(0.3, 1.7), new NormPair(1, 1.1));
        assertThat(NormPair.exponents(NormPair.GRID)).hasSize(20).startsWith(0.1).endsWith(2.0);
    }

    @Test
    void shouldShowAllOfAFewPairsAndTwoOfMany() {
        assertThat(CompressibilityMeasured.shown(NormPair.DEFAULTS)).hasSize(2);
        assertThat(CompressibilityMeasured.shown(NormPair.GRID.subList(0, 16))).hasSize(16);
        assertThat(CompressibilityMeasured.shown(NormPair.GRID)).isEqualTo(NormPair.DEFAULTS);
    }
}
