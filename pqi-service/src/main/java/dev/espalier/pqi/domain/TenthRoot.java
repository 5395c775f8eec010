// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

/**
 * x^0.1 by integer operations, additions and multiplications only, so that one root serves the
 * whole grid of exponents that the paper records, and so that a vector of lanes computes the very
 * same bits.
 *
 * <p>y = x^(−0.1) is estimated from the bits of x, within 3.2 %, and refined by y ← y (1 + r/10 +
 * 11/200 r² + 77/2000 r³) with r = 1 − x y^10; then x^0.1 = x y^9. The relative error stays below
 * 4e-15. A double takes three such steps. A float takes two in float, the second without its last
 * term, and the rest in double.
 */
final class TenthRoot {

    /** Bits of 1.1 times the exponent bias, shifted to halve the largest error of the estimate. */
    private static final double ESTIMATE = (1.1 * 1023 - 0.05) * 0x1p52;

    /** The same for floats; one tenth of the bits x of a float is (x >>> 16) · 6554. */
    static final int FLOAT_ESTIMATE = (int) ((1.1 * 127 - 0.05) * 0x1p23);

    static final int FLOAT_TENTH = 6554;

    static final double C1 = 0.1;
    static final double C2 = 0.055;
    static final double C3 = 0.0385;

    /** Of (1 − r)^(−0.9). */
    static final double D1 = 0.9;

    static final double D2 = 0.855;

    /** Bits of the smallest normal float, less 1. */
    static final int TINY_LIMIT = Float.floatToRawIntBits(Float.MIN_NORMAL) - 1;

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
     * Whether x is *tiny*: a denormal float, whose bits tell nothing of its logarithm.
     *
     * @param bits of a float that is not negative
     */
    static boolean isTiny(int bits) {
        return Integer.compareUnsigned(bits - 1, TINY_LIMIT) < 0;
    }

    /**
     * x^(−0.1) within 1e-6, for a float that is not tiny.
     *
     * @param bits of a float that is not negative
     */
    static float inverse(int bits) {
        float x = Float.intBitsToFloat(bits);
        float y = Float.intBitsToFloat(FLOAT_ESTIMATE - (bits >>> 16) * FLOAT_TENTH);
        float y2 = y * y;
        float y5 = y2 * y2 * y;
        float r = Math.fma(-(x * y5), y5, 1f);
        y = y * Math.fma(r, Math.fma(r, Math.fma(r, (float) C3, (float) C2), (float) C1), 1f);
        y2 = y * y;
        y5 = y2 * y2 * y;
        r = Math.fma(-(x * y5), y5, 1f);
        return y * Math.fma(r, Math.fma(r, (float) C2, (float) C1), 1f);
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
        return z * y4 * Math.fma(r, Math.fma(r, D2, D1), 1.0);
    }
}
