// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.INTS;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.WIDTH;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Weights of any 16 or 32 bits, under a mask or not, as floats of a block; 0 where one is pruned.
 */
final class VectorWidening {

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(WIDTH * Short.SIZE));
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** The exponent biases of F16 and F32 differ by 112. */
    private static final float F16_SCALE = 0x1p112f;

    private static final int F16_TO_F32_SHIFT = 13;
    private static final int F16_MAGNITUDE = 0x7fff;
    private static final float F16_LIMIT = 65536;

    private VectorWidening() {}

    /**
     * @param padded at least n; zeros are written up to it
     * @param floats native
     */
    static void widen(WeightChunk weights, int from, int n, int padded, MemorySegment floats) {
        int whole = n - n % LaneSums.LANES;
        switch (weights.dtype()) {
            case F32 -> copyF32(weights.bytes(), weights.mask(), from, whole, floats);
            case BF16 -> widenBf16(weights.bytes(), weights.mask(), from, whole, floats);
            case F16 -> widenF16(weights.bytes(), weights.mask(), from, whole, floats);
            default -> throw new IllegalStateException(weights.dtype() + " does not fit a float");
        }
        for (int i = whole; i < padded; i++) {
            double x = i < n && weights.isActive(from + i) ? weights.weight(from + i) : 0;
            floats.set(ValueLayout.JAVA_FLOAT, (long) i * Float.BYTES, (float) x);
        }
    }

    private static void copyF32(
            MemorySegment bytes, @Nullable ChunkMask mask, int from, int n, MemorySegment floats) {
        if (mask == null) {
            MemorySegment.copy(bytes, (long) from * Float.BYTES, floats, 0, (long) n * Float.BYTES);
            return;
        }
        IntVector zero = IntVector.zero(INTS);
        for (int i = 0; i < n; i += WIDTH) {
            IntVector bits =
                    IntVector.fromMemorySegment(INTS, bytes, (long) (from + i) * Float.BYTES, LE);
            zero.blend(bits, active(mask, from + i))
                    .intoMemorySegment(floats, (long) i * Float.BYTES, LE);
        }
    }

    private static VectorMask<Integer> active(ChunkMask mask, int index) {
        return VectorMask.fromLong(INTS, mask.bits(index));
    }

    private static void widenBf16(
            MemorySegment bytes, @Nullable ChunkMask mask, int from, int n, MemorySegment floats) {
        IntVector zero = IntVector.zero(INTS);
        for (int i = 0; i < n; i += WIDTH) {
            IntVector bits = shorts(bytes, from + i).lanewise(VectorOperators.LSHL, 16);
            if (mask != null) {
                bits = zero.blend(bits, active(mask, from + i));
            }
            bits.intoMemorySegment(floats, (long) i * Float.BYTES, LE);
        }
    }

    private static void widenF16(
            MemorySegment bytes, @Nullable ChunkMask mask, int from, int n, MemorySegment floats) {
        FloatVector zero = FloatVector.zero(VectorHalfOneTwoSums.FLOATS);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector x =
                    shorts(bytes, from + i)
                            .and(F16_MAGNITUDE)
                            .lanewise(VectorOperators.LSHL, F16_TO_F32_SHIFT)
                            .reinterpretAsFloats()
                            .mul(F16_SCALE);
            // What is beyond the largest F16 stands for an infinity or a NaN.
            x = x.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GE, F16_LIMIT));
            if (mask != null) {
                x =
                        zero.blend(
                                x,
                                VectorMask.fromLong(
                                        VectorHalfOneTwoSums.FLOATS, mask.bits(from + i)));
            }
            x.intoMemorySegment(floats, (long) i * Float.BYTES, LE);
        }
    }

    private static IntVector shorts(MemorySegment bytes, int index) {
        return (IntVector)
                ShortVector.fromMemorySegment(SHORTS, bytes, (long) index * Short.BYTES, LE)
                        .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    }
}
