// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import java.util.Arrays;

/**
 * The reference: plain loops over blocks that stay in the first-level cache. Simple enough to be
 * checked by reading, and shaped so that the compiler may turn a loop over lanes into vectors,
 * which changes no bit.
 */
public final class ScalarPowerSums implements PowerSumKernel {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void accumulate(WeightChunk weights, int from, int to, LaneSums lanes) {
        for (int at = from; at < to; at += LaneSums.BLOCK) {
            int n = Math.min(LaneSums.BLOCK, to - at);
            weights.magnitudes(at, n, lanes.magnitudes());
            addBlock(n, lanes);
        }
    }

    /** Adds the powers of the n magnitudes of a block. */
    static void addBlock(int n, LaneSums lanes) {
        double[] x = lanes.magnitudes();
        double[] terms = lanes.terms();
        int padded = Math.ceilDiv(n, LaneSums.LANES) * LaneSums.LANES;
        Arrays.fill(x, n, padded, 0);
        for (int e = 0; e < lanes.exponents(); e++) {
            double[] sums = lanes.lanes(e);
            switch (lanes.power(e)) {
                case Power.Root _ -> addRoots(x, padded, terms, sums);
                case Power.Identity _ -> add(x, padded, sums);
                case Power.Square _ -> addSquares(x, padded, terms, sums);
                case Power.General(double exponent) -> {
                    for (int i = 0; i < padded; i++) {
                        terms[i] = StrictMath.pow(x[i], exponent);
                    }
                    add(terms, padded, sums);
                }
                case Power.Tenths _ -> {
                    // All of them together, below.
                }
            }
        }
        if (lanes.highestTenth() > 0) {
            addTenths(x, padded, lanes);
        }
    }

    private static void addTenths(double[] x, int n, LaneSums lanes) {
        double[] roots = lanes.tenthRoots();
        double[] terms = lanes.terms();
        for (int i = 0; i < n; i++) {
            roots[i] = TenthRoot.of(x[i]);
            terms[i] = roots[i];
        }
        for (int k = 1; k <= lanes.highestTenth(); k++) {
            for (int e = 0; e < lanes.exponents(); e++) {
                if (lanes.power(e) instanceof Power.Tenths(int wanted) && wanted == k) {
                    add(terms, n, lanes.lanes(e));
                }
            }
            for (int i = 0; i < n; i++) {
                terms[i] *= roots[i];
            }
        }
    }

    private static void add(double[] terms, int n, double[] sums) {
        for (int i = 0; i < n; i += LaneSums.LANES) {
            for (int lane = 0; lane < LaneSums.LANES; lane++) {
                sums[lane] += terms[i + lane];
            }
        }
    }

    // A loop over one array becomes vectors; one that also adds does not.

    private static void addRoots(double[] x, int n, double[] terms, double[] sums) {
        for (int i = 0; i < n; i++) {
            terms[i] = Math.sqrt(x[i]);
        }
        add(terms, n, sums);
    }

    private static void addSquares(double[] x, int n, double[] terms, double[] sums) {
        for (int i = 0; i < n; i++) {
            terms[i] = x[i] * x[i];
        }
        add(terms, n, sums);
    }
}
