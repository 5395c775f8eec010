// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.pqi.domain.LaneSums.Block;
import dev.espalier.schemas.tensor.DType;
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
            addBlock(weights, at, Math.min(LaneSums.BLOCK, to - at), lanes);
        }
    }

    /** Adds the powers of one block of n weights. */
    static void addBlock(WeightChunk weights, int from, int n, LaneSums lanes) {
        Block block = lanes.block();
        int padded = Math.ceilDiv(n, LaneSums.LANES) * LaneSums.LANES;
        boolean floats = load(weights, from, n, padded, block);
        boolean ordinary = floats && !hasTiny(block.bits, padded);
        if (lanes.hasRoots()) {
            if (ordinary) {
                addFloatRoots(block, padded, lanes.rootLanes());
            } else {
                addRoots(block, padded, floats, lanes.rootLanes());
            }
        }
        add(block.magnitudes, padded, lanes.identityLanes());
        addSquares(block, padded, lanes.squareLanes());
        if (lanes.highestTenth() > 0) {
            takeTenthRoots(block, padded, floats, ordinary);
            addTenths(block, padded, lanes);
        }
        addGeneral(block, padded, lanes);
    }

    /** Fills a block up to a multiple of LANES, and says whether it has bits of floats too. */
    static boolean load(WeightChunk weights, int from, int n, int padded, Block block) {
        if (weights.dtype() == DType.F64) {
            weights.magnitudes(from, n, block.magnitudes);
            Arrays.fill(block.magnitudes, n, padded, 0);
            return false;
        }
        weights.magnitudeBits(from, n, block.bits);
        Arrays.fill(block.bits, n, padded, 0);
        for (int i = 0; i < padded; i++) {
            block.magnitudes[i] = Float.intBitsToFloat(block.bits[i]);
        }
        return true;
    }

    static boolean hasTiny(int[] bits, int n) {
        int smallest = Integer.MAX_VALUE;
        for (int i = 0; i < n; i++) {
            smallest = Math.min(smallest, bits[i] - 1 ^ Integer.MIN_VALUE);
        }
        return smallest < (FloatRoot.TINY_LIMIT ^ Integer.MIN_VALUE);
    }

    private static void addFloatRoots(Block block, int n, double[] sums) {
        float[] x = block.values;
        float[] roots = block.roots;
        float[] inverses = block.inverses;
        float[] remainders = block.remainders;
        for (int i = 0; i < n; i++) {
            x[i] = Float.intBitsToFloat(block.bits[i]);
            inverses[i] = FloatRoot.estimate(block.bits[i]);
        }
        for (int i = 0; i < n; i++) {
            roots[i] = FloatRoot.root(x[i]);
        }
        for (int i = 0; i < n; i++) {
            inverses[i] = FloatRoot.refined(inverses[i], roots[i]);
        }
        for (int i = 0; i < n; i++) {
            remainders[i] = FloatRoot.remainder(x[i], roots[i]);
        }
        for (int i = 0; i < n; i++) {
            block.terms[i] = roots[i];
        }
        add(block.terms, n, sums);
        correct(block, n, sums);
    }

    /** Blocks of F64, and those in which something is tiny. */
    private static void addRoots(Block block, int n, boolean floats, double[] sums) {
        for (int i = 0; i < n; i++) {
            double x = block.magnitudes[i];
            if (floats && !FloatRoot.isTiny(block.bits[i])) {
                float s = FloatRoot.root((float) x);
                block.inverses[i] = FloatRoot.refined(FloatRoot.estimate(block.bits[i]), s);
                block.remainders[i] = FloatRoot.remainder((float) x, s);
                block.terms[i] = s;
            } else {
                block.inverses[i] = 0;
                block.remainders[i] = 0;
                block.terms[i] = Math.sqrt(x);
            }
        }
        add(block.terms, n, sums);
        correct(block, n, sums);
    }

    private static void correct(Block block, int n, double[] sums) {
        float[] corrections = block.corrections;
        Arrays.fill(corrections, 0);
        for (int i = 0; i < n; i += LaneSums.LANES) {
            for (int lane = 0; lane < LaneSums.LANES; lane++) {
                corrections[lane] =
                        Math.fma(
                                block.remainders[i + lane],
                                block.inverses[i + lane],
                                corrections[lane]);
            }
        }
        for (int lane = 0; lane < LaneSums.LANES; lane++) {
            sums[lane] += 0.5 * corrections[lane];
        }
    }

    private static void takeTenthRoots(Block block, int n, boolean floats, boolean ordinary) {
        if (ordinary) {
            for (int i = 0; i < n; i++) {
                block.inverses[i] = TenthRoot.inverse(block.bits[i]);
            }
            for (int i = 0; i < n; i++) {
                block.tenthRoots[i] = TenthRoot.completed(block.magnitudes[i], block.inverses[i]);
            }
        } else {
            for (int i = 0; i < n; i++) {
                double x = block.magnitudes[i];
                block.tenthRoots[i] =
                        floats && !FloatRoot.isTiny(block.bits[i])
                                ? TenthRoot.completed(x, TenthRoot.inverse(block.bits[i]))
                                : TenthRoot.of(x);
            }
        }
    }

    private static void addTenths(Block block, int n, LaneSums lanes) {
        double[] roots = block.tenthRoots;
        double[] terms = block.terms;
        System.arraycopy(roots, 0, terms, 0, n);
        add(terms, n, lanes.tenthLanes(1));
        for (int k = 2; k <= lanes.highestTenth(); k++) {
            for (int i = 0; i < n; i++) {
                terms[i] *= roots[i];
            }
            add(terms, n, lanes.tenthLanes(k));
        }
    }

    static void addGeneral(Block block, int n, LaneSums lanes) {
        for (int e = 0; e < lanes.exponents(); e++) {
            if (lanes.power(e) instanceof Power.General(double exponent)) {
                for (int i = 0; i < n; i++) {
                    block.terms[i] = StrictMath.pow(block.magnitudes[i], exponent);
                }
                add(block.terms, n, lanes.lanes(e));
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

    private static void addSquares(Block block, int n, double[] sums) {
        for (int i = 0; i < n; i++) {
            block.terms[i] = block.magnitudes[i] * block.magnitudes[i];
        }
        add(block.terms, n, sums);
    }
}
