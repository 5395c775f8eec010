// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive weights of one tensor, as they stand in the file.
 *
 * @param dtype F64, F32, F16 or BF16
 * @param bytes little-endian
 * @param mask null where all are active
 */
public record WeightChunk(DType dtype, MemorySegment bytes, @Nullable ChunkMask mask) {

    /**
     * Weights of a full chunk. Tensors are cut at multiples of it; it is part of the result, for
     * sums are taken chunk by chunk.
     */
    public static final int MOST_WEIGHTS = 1 << 18;

    static final ValueLayout.OfFloat F32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt BITS32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort BITS16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** All bits of a float but its sign. */
    static final int MAGNITUDE = 0x7fffffff;

    public WeightChunk {
        if (!dtype.isWeight()) {
            throw new IllegalArgumentException(dtype + " is none of F64, F32, F16, BF16");
        }
    }

    /** The weight at an index of the chunk, pruned or not. */
    public double weight(int index) {
        long at = (long) index * dtype.bytes();
        return switch (dtype) {
            case F64 -> bytes.get(F64, at);
            case F32 -> bytes.get(F32, at);
            case F16 -> Float.float16ToFloat(bytes.get(BITS16, at));
            case BF16 -> Float.intBitsToFloat(bytes.get(BITS16, at) << 16);
            default -> throw new IllegalStateException(dtype + " is no weight");
        };
    }

    public boolean isActive(int index) {
        return mask == null || (mask.bits(index) & 1) != 0;
    }

    /**
     * Writes |w| of n F64 weights from an index on to the start of a block; 0 where one is pruned.
     */
    public void magnitudes(int from, int n, double[] block) {
        for (int i = 0; i < n; i++) {
            block[i] = Math.abs(bytes.get(F64, 8L * (from + i)));
        }
        if (mask != null) {
            for (int i = 0; i < n; i++) {
                block[i] = isActive(from + i) ? block[i] : 0;
            }
        }
    }

    /**
     * Writes |w| of n weights from an index on to the start of a block, as the bits of floats, none
     * of which is changed by widening; 0 where one is pruned. Not for F64.
     */
    public void magnitudeBits(int from, int n, int[] block) {
        switch (dtype) {
            case F32 -> {
                MemorySegment.copy(bytes, BITS32, 4L * from, block, 0, n);
                for (int i = 0; i < n; i++) {
                    block[i] &= MAGNITUDE;
                }
            }
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    short half = bytes.get(BITS16, 2L * (from + i));
                    block[i] = Float.floatToRawIntBits(Float.float16ToFloat(half)) & MAGNITUDE;
                }
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    block[i] = bytes.get(BITS16, 2L * (from + i)) << 16 & MAGNITUDE;
                }
            }
            default -> throw new IllegalStateException(dtype + " does not fit a float");
        }
        if (mask != null) {
            prune(mask, from, n, block);
        }
    }

    private static void prune(ChunkMask mask, int from, int n, int[] block) {
        for (int i = 0; i < n; i += Long.SIZE) {
            long bits = mask.bits(from + i);
            if (bits != -1L) {
                int end = Math.min(n, i + Long.SIZE);
                for (int k = i; k < end; k++) {
                    block[k] &= -(int) (bits >>> k & 1);
                }
            }
        }
    }
}
