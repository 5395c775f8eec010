// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

/**
 * √x of a float, almost to the precision of a double, at the price of a root in float: that of a
 * double is the slowest instruction of the whole pass.
 *
 * <p>s is the correctly rounded root in float. Its remainder e = x − s² fits a float without error
 * (Markstein, 1990), and √x = s + e/2s up to e²/8s³. The inverse h ≈ 1/s need not be good: it is
 * estimated from the bits of x, within 3.5 %, and refined by h ← h (1 + r + r²) with r = 1 − s h.
 * The relative error of √x stays below 3e-12, and is 0 where s is exact.
 *
 * <p>The two parts, s and e·h, are added apart, see {@link PowerSumKernel}.
 */
final class FloatRoot {

    /** Less half the bits of x: the bits of an estimate of 1/√x. */
    static final int ESTIMATE = 0x5f376000;

    /**
     * Below it, 0 excepted, e is too small for a float; such a weight is *tiny*, and its powers are
     * taken in double.
     */
    static final float SMALLEST = 0x1p-80f;

    /** Bits of the smallest that is not tiny, less 1. */
    static final int TINY_LIMIT = Float.floatToRawIntBits(SMALLEST) - 1;

    private FloatRoot() {}

    /**
     * Whether 0 &lt; x &lt; {@link #SMALLEST}.
     *
     * @param bits of a float that is not negative
     */
    static boolean isTiny(int bits) {
        return Integer.compareUnsigned(bits - 1, TINY_LIMIT) < 0;
    }

    /** s. */
    static float root(float x) {
        return (float) Math.sqrt(x);
    }

    /** e, of a float that is not tiny. */
    static float remainder(float x, float s) {
        return Math.fma(-s, s, x);
    }

    /**
     * An estimate of 1/√x.
     *
     * @param bits of x
     */
    static float estimate(int bits) {
        return Float.intBitsToFloat(ESTIMATE - (bits >>> 1));
    }

    /** h, from an estimate of it. */
    static float refined(float h, float s) {
        float r = Math.fma(-s, h, 1f);
        return Math.fma(h, Math.fma(r, r, r), h);
    }
}
