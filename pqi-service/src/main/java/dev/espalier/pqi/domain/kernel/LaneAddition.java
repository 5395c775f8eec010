// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

/**
 * Terms of a strip are added to their lanes. Sixteen variables stay in registers, which an array
 * does not: that would take four times as long.
 */
final class LaneAddition {

    private LaneAddition() {}

    /**
     * @param n a multiple of LANES
     */
    static void add(double[] terms, int n, double[] sums) {
        double s0 = sums[0];
        double s1 = sums[1];
        double s2 = sums[2];
        double s3 = sums[3];
        double s4 = sums[4];
        double s5 = sums[5];
        double s6 = sums[6];
        double s7 = sums[7];
        double s8 = sums[8];
        double s9 = sums[9];
        double s10 = sums[10];
        double s11 = sums[11];
        double s12 = sums[12];
        double s13 = sums[13];
        double s14 = sums[14];
        double s15 = sums[15];
        for (int i = 0; i < n; i += LaneSums.LANES) {
            s0 += terms[i];
            s1 += terms[i + 1];
            s2 += terms[i + 2];
            s3 += terms[i + 3];
            s4 += terms[i + 4];
            s5 += terms[i + 5];
            s6 += terms[i + 6];
            s7 += terms[i + 7];
            s8 += terms[i + 8];
            s9 += terms[i + 9];
            s10 += terms[i + 10];
            s11 += terms[i + 11];
            s12 += terms[i + 12];
            s13 += terms[i + 13];
            s14 += terms[i + 14];
            s15 += terms[i + 15];
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
        sums[4] = s4;
        sums[5] = s5;
        sums[6] = s6;
        sums[7] = s7;
        sums[8] = s8;
        sums[9] = s9;
        sums[10] = s10;
        sums[11] = s11;
        sums[12] = s12;
        sums[13] = s13;
        sums[14] = s14;
        sums[15] = s15;
    }

    /**
     * Adds e h, in float.
     *
     * @param n a multiple of LANES
     */
    static void addProducts(float[] e, float[] h, int n, float[] sums) {
        float c0 = sums[0];
        float c1 = sums[1];
        float c2 = sums[2];
        float c3 = sums[3];
        float c4 = sums[4];
        float c5 = sums[5];
        float c6 = sums[6];
        float c7 = sums[7];
        float c8 = sums[8];
        float c9 = sums[9];
        float c10 = sums[10];
        float c11 = sums[11];
        float c12 = sums[12];
        float c13 = sums[13];
        float c14 = sums[14];
        float c15 = sums[15];
        for (int i = 0; i < n; i += LaneSums.LANES) {
            c0 = Math.fma(e[i], h[i], c0);
            c1 = Math.fma(e[i + 1], h[i + 1], c1);
            c2 = Math.fma(e[i + 2], h[i + 2], c2);
            c3 = Math.fma(e[i + 3], h[i + 3], c3);
            c4 = Math.fma(e[i + 4], h[i + 4], c4);
            c5 = Math.fma(e[i + 5], h[i + 5], c5);
            c6 = Math.fma(e[i + 6], h[i + 6], c6);
            c7 = Math.fma(e[i + 7], h[i + 7], c7);
            c8 = Math.fma(e[i + 8], h[i + 8], c8);
            c9 = Math.fma(e[i + 9], h[i + 9], c9);
            c10 = Math.fma(e[i + 10], h[i + 10], c10);
            c11 = Math.fma(e[i + 11], h[i + 11], c11);
            c12 = Math.fma(e[i + 12], h[i + 12], c12);
            c13 = Math.fma(e[i + 13], h[i + 13], c13);
            c14 = Math.fma(e[i + 14], h[i + 14], c14);
            c15 = Math.fma(e[i + 15], h[i + 15], c15);
        }
        sums[0] = c0;
        sums[1] = c1;
        sums[2] = c2;
        sums[3] = c3;
        sums[4] = c4;
        sums[5] = c5;
        sums[6] = c6;
        sums[7] = c7;
        sums[8] = c8;
        sums[9] = c9;
        sums[10] = c10;
        sums[11] = c11;
        sums[12] = c12;
        sums[13] = c13;
        sums[14] = c14;
        sums[15] = c15;
    }

    /** Adds half of each of some floats to its lane, and sets it to 0. */
    static void addHalves(float[] floats, double[] sums) {
        for (int lane = 0; lane < LaneSums.LANES; lane++) {
            sums[lane] += 0.5 * floats[lane];
            floats[lane] = 0;
        }
    }
}
