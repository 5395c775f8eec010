// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.pqi.domain.LaneSums.Block;
import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The Vector API. F32 is read where it stands if 0.5, 1 and 2 are all that is asked for; anything
 * else is first widened and masked into the floats of a block. F64, and what has something tiny in
 * it, goes the scalar way.
 *
 * <p>C2 wants loops that are small, written out in one method each (it inlines the API, but stops
 * at a number of nodes, which our own helpers would be the first to meet), and one class of memory
 * segment in all of them: it is native.
 */
public final class VectorPowerSums implements PowerSumKernel {

    @Override
    public String name() {
        return "vector of %d floats".formatted(VectorQuickSums.WIDTH);
    }

    @Override
    public void accumulate(WeightChunk weights, int from, int to, LaneSums lanes) {
        try {
            add(weights, from, to, lanes);
        } finally {
            Reference.reachabilityFence(weights);
        }
    }

    private static void add(WeightChunk weights, int from, int to, LaneSums lanes) {
        if (weights.dtype() == DType.F64) {
            addScalar(weights, from, to, lanes);
        } else if (weights.dtype() == DType.F32
                && weights.bytes().isNative()
                && lanes.hasQuickPowersOnly()) {
            addInPlace(weights, from, to, lanes);
        } else {
            for (int at = from; at < to; at += LaneSums.BLOCK) {
                int n = Math.min(LaneSums.BLOCK, to - at);
                if (!addWidened(weights, at, n, lanes)) {
                    ScalarPowerSums.addBlock(weights, at, n, lanes);
                }
            }
        }
    }

    private static void addScalar(WeightChunk weights, int from, int to, LaneSums lanes) {
        for (int at = from; at < to; at += LaneSums.BLOCK) {
            ScalarPowerSums.addBlock(weights, at, Math.min(LaneSums.BLOCK, to - at), lanes);
        }
    }

    private static void addInPlace(WeightChunk weights, int from, int to, LaneSums lanes) {
        MemorySegment bytes = plain(weights.bytes());
        // All but the last block, if that one does not fill its lanes: zeros have to follow it.
        int whole = (to - from) % LaneSums.LANES == 0 ? to : to - (to - from) % LaneSums.BLOCK;
        for (int at = from; at < whole; at += LaneSums.PIECE) {
            int n = Math.min(LaneSums.PIECE, whole - at);
            long[] active = active(weights.mask(), at, n, lanes.block());
            if (!VectorQuickSums.add(bytes, (long) at * Float.BYTES, n, active, lanes)) {
                addScalar(weights, at, at + n, lanes);
            }
        }
        if (whole < to && !addWidened(weights, whole, to - whole, lanes)) {
            addScalar(weights, whole, to, lanes);
        }
    }

    private static long @Nullable [] active(@Nullable ChunkMask mask, int at, int n, Block block) {
        if (mask == null) {
            return null;
        }
        for (int i = 0; i < n; i += Long.SIZE) {
            block.active[i / Long.SIZE] = mask.bits(at + i);
        }
        return block.active;
    }

    /** One block; false, and nothing is added, if something in it is tiny. */
    private static boolean addWidened(WeightChunk weights, int at, int n, LaneSums lanes) {
        Block block = lanes.block();
        int padded = Math.ceilDiv(n, LaneSums.LANES) * LaneSums.LANES;
        VectorWidening.widen(weights, at, n, padded, block.floats);
        if (!VectorQuickSums.add(block.floats, 0, padded, null, lanes)) {
            return false;
        }
        if (lanes.highestTenth() > 0) {
            VectorTenths.takeRoots(block, padded);
            VectorTenths.add(block.tenthRoots, block.terms, padded, lanes);
        }
        if (lanes.hasGeneralPowers()) {
            ScalarPowerSums.load(weights, at, n, padded, block);
            ScalarPowerSums.addGeneral(block, padded, lanes);
        }
        return true;
    }

    /** The same memory without its scope, for a mapped segment is of another class than others. */
    @SuppressWarnings("restricted")
    private static MemorySegment plain(MemorySegment bytes) {
        return MemorySegment.ofAddress(bytes.address()).reinterpret(bytes.byteSize());
    }
}
