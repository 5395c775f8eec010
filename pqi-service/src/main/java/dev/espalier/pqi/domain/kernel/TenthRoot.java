// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

/**
 * x^0.1 by integer operations, additions and multiplications only, so that one root serves the
 * whole grid of exponents that the paper records, and so that a vector of lanes computes the very
 * same bits.
 *
 * <p>y = x^(−0.1) is estimated from the bits of x, within 3.2 %, and refined by y ← y (1 + r/10 +
 * 11/200 r² + 77/2000 r³) with r = 1 − x y^10; then x^0.1 = x y^9. A double takes three such steps,
 * for a relative error below 4e-15.
 *
 * <p>A float begins with its square root s, which is no denormal: y = s^(−0.2) is estimated from
 * the bits of s, within 3.5 %, refined once in float, to 6e-6, by a polynomial in r = 1 − s y^5,
 * and completed in double, to 4e-15 as well.
 */
final class TenthRoot {

    /** Bits of 1.1 times the exponent bias, shifted to halve the largest error of the estimate. */
    private static final double ESTIMATE = (1.1 * 1023 - 0.05) * 0x1p52;

    /** The same for the fifth root of a float; one fifth of its bits is (bits >>> 16) · 13107. */
    static final int FLOAT_ESTIMATE = (int) ((1.2 * 127 - 0.0625) * 0x1p23);

    static final int FLOAT_FIFTH = 13_107;

    /**
     * Of (1 − r)^(−0.2), where the largest error is smallest for the r that the estimate leaves.
     */
    static final float F0 = 0.9999945f;

    static final float F1 = 0.19999696f;
    static final float F2 = 0.12176227f;
    static final float F3 = 0.0891703f;

    private static final double C1 = 0.1;
    private static final double C2 = 0.055;
    private static final double C3 = 0.0385;

    /** Of (1 − r)^(−0.9). */
    static final double D1 = 0.9;

    static final double D2 = 0.855;
    static final double D3 = 0.8265;

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
        return y * Math.fma(r, Math.fma(r, Math.fma(r, C3, C2), C1), 1.0);
    }

    /**
     * x^(−0.1) within 6e-6.
     *
     * @param s √x in float; for 0, the result is a large number
     */
    static float inverse(float s) {
        int bits = Float.floatToRawIntBits(s);
        float y = Float.intBitsToFloat(FLOAT_ESTIMATE - (bits >>> 16) * FLOAT_FIFTH);
        float y2 = y * y;
        float r = Math.fma(-s, y2 * y2 * y, 1f);
        return y * Math.fma(r, Math.fma(r, Math.fma(r, F3, F2), F1), F0);
    }

    /**
     * x^0.1 = x y^9 (1 − r)^(−0.9) with r = 1 − x y^10.
     *
     * @param y {@link #inverse}
     */
    static double completed(double x, double y) {
        double y2 = y * y;
        double y4 = y2 * y2;
        double y5 = y4 * y;
        double z = x * y5;
        double r = Math.fma(-z, y5, 1.0);
        return z * y4 * Math.fma(r, Math.fma(r, Math.fma(r, D3, D2), D1), 1.0);
    }
}
