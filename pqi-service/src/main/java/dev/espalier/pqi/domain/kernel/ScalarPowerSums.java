// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import dev.espalier.pqi.domain.kernel.LaneSums.Block;
import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The reference: plain loops over strips that stay in the first-level cache. Simple enough to be
 * checked by reading, and shaped so that the compiler may turn a loop over arrays into vectors,
 * which changes no bit.
 */
public final class ScalarPowerSums implements PowerSumKernel {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void accumulate(WeightChunk weights, int from, int to, LaneSums lanes) {
        addBlocks(weights, from, to, lanes);
        retakeFaintRoots(weights, from, to, lanes);
    }

    static void addBlocks(WeightChunk weights, int from, int to, LaneSums lanes) {
        for (int block = from; block < to; block += LaneSums.BLOCK) {
            int end = Math.min(block + LaneSums.BLOCK, to);
            for (int at = block; at < end; at += LaneSums.STRIP) {
                addStrip(weights, at, Math.min(LaneSums.STRIP, end - at), lanes);
            }
            LaneAddition.addHalves(lanes.block().corrections, lanes.rootLanes());
        }
    }

    private static void addStrip(WeightChunk weights, int from, int n, LaneSums lanes) {
        Block block = lanes.block();
        int padded = Math.ceilDiv(n, LaneSums.LANES) * LaneSums.LANES;
        boolean floats = load(weights, from, n, padded, block);
        if (floats && (lanes.hasRoots() || lanes.highestTenth() > 0)) {
            takeFloatRoots(block, padded);
        }
        if (lanes.hasRoots()) {
            if (floats) {
                addFloatRoots(block, padded, lanes.rootLanes());
            } else {
                addRoots(block, padded, lanes.rootLanes());
            }
        }
        LaneAddition.add(block.magnitudes, padded, lanes.identityLanes());
        for (int i = 0; i < padded; i++) {
            block.terms[i] = block.magnitudes[i] * block.magnitudes[i];
        }
        LaneAddition.add(block.terms, padded, lanes.squareLanes());
        if (lanes.highestTenth() > 0) {
            takeTenthRoots(block, padded, floats);
            addTenths(block, padded, lanes);
        }
        addGeneral(block, padded, lanes);
    }

    /** Takes the roots of a run in double, if it is {@link FloatRoot#FAINT}. */
    static void retakeFaintRoots(WeightChunk weights, int from, int to, LaneSums lanes) {
        double squares = lanes.squares();
        if (lanes.hasRoots()
                && weights.dtype() != DType.F64
                && squares > 0
                && squares < FloatRoot.FAINT) {
            Arrays.fill(lanes.rootLanes(), 0);
            for (int at = from; at < to; at += LaneSums.STRIP) {
                int n = Math.min(LaneSums.STRIP, to - at);
                int padded = Math.ceilDiv(n, LaneSums.LANES) * LaneSums.LANES;
                load(weights, at, n, padded, lanes.block());
                addRoots(lanes.block(), padded, lanes.rootLanes());
            }
        }
    }

    /** Fills a strip up to a multiple of LANES, and says whether it has floats too. */
    static boolean load(WeightChunk weights, int from, int n, int padded, Block block) {
        if (weights.dtype() == DType.F64) {
            weights.magnitudes(from, n, block.magnitudes);
            Arrays.fill(block.magnitudes, n, padded, 0);
            return false;
        }
        weights.magnitudeBits(from, n, block.bits);
        Arrays.fill(block.bits, n, padded, 0);
        copyBits(MemorySegment.ofArray(block.bits), MemorySegment.ofArray(block.values), padded);
        for (int i = 0; i < padded; i++) {
            block.magnitudes[i] = block.values[i];
        }
        return true;
    }

    /**
     * What intBitsToFloat does, or floatToRawIntBits, which keep the compiler from making vectors
     * of their loops.
     */
    private static void copyBits(MemorySegment from, MemorySegment to, int n) {
        MemorySegment.copy(from, 0, to, 0, (long) n * Float.BYTES);
    }

    private static void takeFloatRoots(Block block, int n) {
        for (int i = 0; i < n; i++) {
            block.roots[i] = FloatRoot.root(block.values[i]);
        }
    }

    private static void addFloatRoots(Block block, int n, double[] sums) {
        float[] x = block.values;
        float[] roots = block.roots;
        float[] inverses = block.inverses;
        float[] remainders = block.remainders;
        int[] estimates = block.estimates;
        copyBits(MemorySegment.ofArray(roots), MemorySegment.ofArray(estimates), n);
        for (int i = 0; i < n; i++) {
            estimates[i] = FloatRoot.ESTIMATE - estimates[i];
        }
        copyBits(MemorySegment.ofArray(estimates), MemorySegment.ofArray(inverses), n);
        for (int i = 0; i < n; i++) {
            inverses[i] = FloatRoot.refined(inverses[i], roots[i]);
        }
        for (int i = 0; i < n; i++) {
            remainders[i] = FloatRoot.remainder(x[i], roots[i]);
        }
        for (int i = 0; i < n; i++) {
            block.terms[i] = roots[i];
        }
        LaneAddition.add(block.terms, n, sums);
        LaneAddition.addProducts(remainders, inverses, n, block.corrections);
    }

    private static void addRoots(Block block, int n, double[] sums) {
        for (int i = 0; i < n; i++) {
            block.terms[i] = Math.sqrt(block.magnitudes[i]);
        }
        LaneAddition.add(block.terms, n, sums);
    }

    private static void takeTenthRoots(Block block, int n, boolean floats) {
        for (int i = 0; i < n; i++) {
            double x = block.magnitudes[i];
            block.tenthRoots[i] =
                    floats
                            ? TenthRoot.completed(x, TenthRoot.inverse(block.roots[i]))
                            : TenthRoot.of(x);
        }
    }

    private static void addTenths(Block block, int n, LaneSums lanes) {
        double[] roots = block.tenthRoots;
        double[] terms = block.terms;
        System.arraycopy(roots, 0, terms, 0, n);
        LaneAddition.add(terms, n, lanes.tenthLanes(1));
        for (int k = 2; k <= lanes.highestTenth(); k++) {
            for (int i = 0; i < n; i++) {
                terms[i] *= roots[i];
            }
            LaneAddition.add(terms, n, lanes.tenthLanes(k));
        }
    }

    static void addGeneral(Block block, int n, LaneSums lanes) {
        for (int e = 0; e < lanes.exponents(); e++) {
            if (lanes.power(e) instanceof Power.General(double exponent)) {
                for (int i = 0; i < n; i++) {
                    block.terms[i] = StrictMath.pow(block.magnitudes[i], exponent);
                }
                LaneAddition.add(block.terms, n, lanes.lanes(e));
            }
        }
    }
}
