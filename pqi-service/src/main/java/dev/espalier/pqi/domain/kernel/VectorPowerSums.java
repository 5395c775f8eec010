// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import dev.espalier.pqi.domain.kernel.LaneSums.Block;
import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The Vector API. The powers 0.5, 1 and 2 of F32 and BF16 in native memory are taken where the
 * weights stand; for anything else they are first widened and masked into floats of a block. F64
 * goes the scalar way.
 *
 * <p>C2 wants loops that are small, written out in one method each (it inlines the API, but stops
 * at a number of nodes, which our own helpers would be the first to meet), and one class of memory
 * segment in all of them: it is native.
 */
public final class VectorPowerSums implements PowerSumKernel {

    @Override
    public String name() {
        return "vector of %d floats".formatted(VectorHalfOneTwoSums.WIDTH);
    }

    @Override
    public void accumulate(WeightChunk weights, int from, int to, LaneSums lanes) {
        if (weights.dtype() == DType.F64) {
            ScalarPowerSums.addBlocks(weights, from, to, lanes);
            return;
        }
        try {
            addQuick(weights, from, to, lanes);
            if (lanes.highestTenth() > 0 || lanes.hasGeneralPowers()) {
                addOthers(weights, from, to, lanes);
            }
        } finally {
            Reference.reachabilityFence(weights);
        }
        ScalarPowerSums.retakeFaintRoots(weights, from, to, lanes);
    }

    private static void addQuick(WeightChunk weights, int from, int to, LaneSums lanes) {
        int at = from;
        if (weights.bytes().isNative() && weights.dtype() != DType.F16) {
            at = to - leftOver(to - from);
            addInPlace(weights, from, at, lanes);
        }
        for (; at < to; at += LaneSums.BLOCK) {
            int n = Math.min(LaneSums.BLOCK, to - at);
            MemorySegment floats = lanes.block().floats;
            int padded = Math.ceilDiv(n, LaneSums.LANES) * LaneSums.LANES;
            VectorWidening.widen(weights, at, n, padded, floats);
            VectorHalfOneTwoSums.addF32(floats, 0, padded, null, lanes);
        }
        if (lanes.hasRoots()) {
            VectorHalfOneTwoSums.finish(lanes);
        }
    }

    /** The last block, if it does not fill its lanes: zeros have to follow it. */
    private static int leftOver(int n) {
        return n % LaneSums.LANES == 0 ? 0 : n % LaneSums.BLOCK;
    }

    private static void addInPlace(WeightChunk weights, int from, int to, LaneSums lanes) {
        MemorySegment bytes = plain(weights.bytes());
        for (int at = from; at < to; at += LaneSums.BLOCK) {
            int n = Math.min(LaneSums.BLOCK, to - at);
            long[] active = active(weights.mask(), at, n, lanes.block());
            long offset = (long) at * weights.dtype().bytes();
            if (weights.dtype() == DType.F32) {
                VectorHalfOneTwoSums.addF32(bytes, offset, n, active, lanes);
            } else {
                VectorBf16Sums.add(bytes, offset, n, active, lanes);
            }
        }
    }

    private static long @Nullable [] active(@Nullable ChunkMask mask, int at, int n, Block block) {
        if (mask == null) {
            return null;
        }
        mask.copy(at, n, block.active);
        return block.active;
    }

    private static void addOthers(WeightChunk weights, int from, int to, LaneSums lanes) {
        Block block = lanes.block();
        for (int at = from; at < to; at += LaneSums.STRIP) {
            int n = Math.min(LaneSums.STRIP, to - at);
            int padded = Math.ceilDiv(n, LaneSums.LANES) * LaneSums.LANES;
            if (lanes.highestTenth() > 0) {
                VectorWidening.widen(weights, at, n, padded, block.floats);
                VectorTenths.takeRoots(block, padded);
                VectorTenths.add(block.tenthRoots, block.terms, padded, lanes);
            }
            if (lanes.hasGeneralPowers()) {
                ScalarPowerSums.load(weights, at, n, padded, block);
                ScalarPowerSums.addGeneral(block, padded, lanes);
            }
        }
    }

    /** The same memory without its scope, for a mapped segment is of another class than others. */
    @SuppressWarnings("restricted")
    private static MemorySegment plain(MemorySegment bytes) {
        return MemorySegment.ofAddress(bytes.address()).reinterpret(bytes.byteSize());
    }
}
