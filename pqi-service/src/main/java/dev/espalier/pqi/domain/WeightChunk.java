// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

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
    static final ValueLayout.OfShort BITS16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public WeightChunk {
        if (!dtype.isWeight()) {
            throw new IllegalArgumentException(dtype + " is none of F64, F32, F16, BF16");
        }
    }

    /** The weight at an index of the chunk, pruned or not. */
    double weight(int index) {
        long at = (long) index * dtype.bytes();
        return switch (dtype) {
            case F64 -> bytes.get(F64, at);
            case F32 -> bytes.get(F32, at);
            case F16 -> Float.float16ToFloat(bytes.get(BITS16, at));
            case BF16 -> Float.intBitsToFloat(bytes.get(BITS16, at) << 16);
            default -> throw new IllegalStateException(dtype + " is no weight");
        };
    }

    boolean isActive(int index) {
        return mask == null || (mask.bits(index) & 1) != 0;
    }

    /** Writes |w| of n weights from an index on to the start of a block; 0 where one is pruned. */
    void magnitudes(int from, int n, double[] block) {
        switch (dtype) {
            case F64 -> {
                for (int i = 0; i < n; i++) {
                    block[i] = Math.abs(bytes.get(F64, 8L * (from + i)));
                }
            }
            case F32 -> {
                for (int i = 0; i < n; i++) {
                    block[i] = Math.abs(bytes.get(F32, 4L * (from + i)));
                }
            }
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    block[i] = Math.abs(Float.float16ToFloat(bytes.get(BITS16, 2L * (from + i))));
                }
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    block[i] =
                            Math.abs(
                                    Float.intBitsToFloat(bytes.get(BITS16, 2L * (from + i)) << 16));
                }
            }
            default -> throw new IllegalStateException(dtype + " is no weight");
        }
        if (mask != null) {
            prune(mask, from, n, block);
        }
    }

    private static void prune(ChunkMask mask, int from, int n, double[] block) {
        for (int i = 0; i < n; i += Long.SIZE) {
            long bits = mask.bits(from + i);
            if (bits != -1L) {
                int end = Math.min(n, i + Long.SIZE);
                for (int k = i; k < end; k++) {
                    block[k] = (bits >>> k & 1) != 0 ? block[k] : 0;
                }
            }
        }
    }
}
