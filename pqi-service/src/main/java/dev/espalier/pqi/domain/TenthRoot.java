// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

/**
 * x^0.1 by additions and multiplications only, so that one root serves the whole grid of exponents
 * that the paper records, and so that a vector of lanes computes the very same bits.
 *
 * <p>y = x^(−0.1) is estimated from the bits of x, within 3.2 %, and refined by y ← y (1 + r/10 +
 * 11/200 r² + 77/2000 r³) with r = 1 − x y^10, three times; then x^0.1 = x y^9. The relative error
 * stays below 4e-15.
 */
final class TenthRoot {

    /** Bits of 1.1 times the exponent bias, shifted to halve the largest error of the estimate. */
    private static final double ESTIMATE = (1.1 * 1023 - 0.05) * 0x1p52;

    private static final double SMALLEST = 0x1p-300;
    private static final double LARGEST = 0x1p300;

    private TenthRoot() {}

    /**
     * @param x not negative; beyond 2^±300, which no weight of 32 bits reaches, the root is {@link
     *     StrictMath#pow}
     */
    static double of(double x) {
        if (!(x >= SMALLEST && x <= LARGEST)) {
            return x == 0 ? 0 : StrictMath.pow(x, 0.1);
        }
        double bits = Double.doubleToRawLongBits(x);
        double y = Double.longBitsToDouble((long) (ESTIMATE - 0.1 * bits));
        y = refined(x, y);
        y = refined(x, y);
        y = refined(x, y);
        double y2 = y * y;
        double y4 = y2 * y2;
        return x * (y4 * y4 * y);
    }

    private static double refined(double x, double y) {
        double y2 = y * y;
        double y4 = y2 * y2;
        double y5 = y4 * y;
        double r = Math.fma(-x, y5 * y5, 1.0);
        return y * Math.fma(r, Math.fma(r, Math.fma(r, 0.0385, 0.055), 0.1), 1.0);
    }
}
