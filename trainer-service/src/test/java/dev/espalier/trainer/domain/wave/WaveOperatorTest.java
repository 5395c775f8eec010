// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaveOperatorTest {

    static final DoubleBinaryOperator VARYING = (x, y) -> 1 + 0.4 * x - 0.3 * y + (x > 0.5 ? 1 : 0);

    private final Grid grid = new Grid(13);
    private final WaveOperator operator = new WaveOperator(grid, Boundary.ABSORBING, VARYING);

    @Test
    void shouldGiveNoForceOnConstantField() {
        forEachNode(
                node -> {
                    double sum = 0;
                    for (int k = 0; k < 9; k++) {
                        sum += operator.coefficients(k)[node];
                    }
                    assertThat(sum).isCloseTo(0, within(1e-13));
                });
    }

    @Test
    void shouldBeSymmetric() {
        forEachNode(
                node -> {
                    for (int k = 0; k < 9; k++) {
                        int other = node + operator.offset(k);
                        assertThat(operator.coefficients(k)[node])
                                .isCloseTo(operator.coefficients(8 - k)[other], within(1e-14));
                    }
                });
    }

    @Test
    void shouldHaveMassOfItsArea() {
        double[] total = new double[1];
        forEachNode(node -> total[0] += operator.mass(node));

        assertThat(total[0]).isCloseTo(1, within(1e-13));
    }

    @Test
    void shouldHaveDampingOfItsCircumference() {
        WaveOperator uniform = new WaveOperator(grid, Boundary.ABSORBING, (x, y) -> 1.5);
        double[] total = new double[1];
        forEachNode(node -> total[0] += uniform.damping(node));

        assertThat(total[0]).isCloseTo(4 * 1.5, within(1e-13));
    }

    @Test
    void shouldBeTheFivePointStencilInUniformInterior() {
        WaveOperator uniform = new WaveOperator(grid, Boundary.NEUMANN, (x, y) -> 1);
        int node = grid.index(5, 7);

        assertThat(uniform.coefficients(4)[node]).isCloseTo(4, within(1e-14));
        for (int side : new int[] {1, 3, 5, 7}) {
            assertThat(uniform.coefficients(side)[node]).isCloseTo(-1, within(1e-14));
        }
        for (int corner : new int[] {0, 2, 6, 8}) {
            assertThat(uniform.coefficients(corner)[node]).isCloseTo(0, within(1e-14));
        }
        assertThat(uniform.mass(node)).isCloseTo(1 / 169.0, within(1e-15));
    }

    @ParameterizedTest
    @EnumSource(
            value = Boundary.class,
            names = {"DIRICHLET", "NEUMANN"})
    void shouldNotDampReflectingBoundaries(Boundary boundary) {
        WaveOperator reflecting = new WaveOperator(grid, boundary, VARYING);

        forEachNode(node -> assertThat(reflecting.damping(node)).isZero());
    }

    private void forEachNode(java.util.function.IntConsumer action) {
        for (int row = 0; row < grid.nodes(); row++) {
            for (int column = 0; column < grid.nodes(); column++) {
                action.accept(grid.index(column, row));
            }
        }
    }
}
