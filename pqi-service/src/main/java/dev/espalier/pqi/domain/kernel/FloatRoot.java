// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

/**
 * √x of a float, almost to the precision of a double, at the price of a root in float: that of a
 * double is the slowest instruction of the whole pass.
 *
 * <p>s is the correctly rounded root in float. Its remainder e = x − s² fits a float without error
 * (Markstein, 1990), and √x = s + e/2s up to e²/8s³. The inverse h ≈ 1/s need not be good: it is
 * estimated from the bits of s, within 5.2 %, and refined once, by h ← h (1 + r) with r = 1 − s h,
 * to 0.13 %. The relative error of √x stays below 8e-11, has either sign, and is 0 where s is
 * exact.
 *
 * <p>The two parts, s and e·h, are added apart, see {@link PowerSumKernel}.
 *
 * <p>Below 2^−80 a float cannot hold e, in the end not at all, which adds at most 2^−85 to the
 * error. That is nothing beside the sum of the roots, unless the whole run is that faint: then it
 * is summed again, see {@link #FAINT}.
 */
final class FloatRoot {

    /** Less the bits of s: the bits of an estimate of 1/s. */
    static final int ESTIMATE = 0x7ef34c00;

    /** A little more than 1, so that the refined estimate errs to both sides. */
    static final float ABOVE_ONE = 1.00134f;

    /**
     * A run whose squares sum to less than this, but not to 0, has its roots taken in double. The
     * sum of the roots of another is at least 2^−30, and 2^18 errors of 2^−85 are 7e-12 of it.
     */
    static final double FAINT = 0x1p-120;

    private FloatRoot() {}

    /** s. */
    static float root(float x) {
        return (float) Math.sqrt(x);
    }

    /** e. */
    static float remainder(float x, float s) {
        return Math.fma(-s, s, x);
    }

    /**
     * An estimate of 1/s; of 0, a large number.
     *
     * @param bits of s
     */
    static float estimate(int bits) {
        return Float.intBitsToFloat(ESTIMATE - bits);
    }

    /** h, from an estimate of it. */
    static float refined(float h, float s) {
        return Math.fma(h, Math.fma(-s, h, ABOVE_ONE), h);
    }
}
