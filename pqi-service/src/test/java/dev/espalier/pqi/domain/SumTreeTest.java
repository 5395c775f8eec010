// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SumTreeTest {

    @Test
    void shouldAddInTheFixedOrder() {
        double a = 0.1;
        double b = 0.2;
        double c = 0.3;
        double d = 1e-17;
        double e = 0.7;

        assertThat(SumTree.sum(new double[0])).isZero();
        assertThat(SumTree.sum(new double[] {a})).isEqualTo(a);
        assertThat(SumTree.sum(new double[] {a, b, c})).isEqualTo((a + b) + c);
        assertThat(SumTree.sum(new double[] {a, b, c, d})).isEqualTo((a + b) + (c + d));
        assertThat(SumTree.sum(new double[] {a, b, c, d, e})).isEqualTo(((a + b) + (c + d)) + e);
        assertThat(SumTree.sum(new double[] {a, b, c, d, e, a, b}))
                .isEqualTo(((a + b) + (c + d)) + ((e + a) + b));
    }
}
