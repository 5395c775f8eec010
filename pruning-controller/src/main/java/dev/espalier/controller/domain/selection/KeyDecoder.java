// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Weights to keys. Widening is exact, so tensors of several types can be ranked together. */
final class KeyDecoder {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final short[] shorts;
    private final int[] ints;

    KeyDecoder(int most) {
        this.shorts = new short[most];
        this.ints = new int[most];
    }

    /**
     * @param at offset of the first weight in bytes
     * @param n number of weights, at most what the decoder was made for
     */
    void decode(MemorySegment bytes, long at, DType from, KeyType to, int n, long[] keys) {
        switch (from) {
            case F32 -> {
                MemorySegment.copy(bytes, INT, at, ints, 0, n);
                singles(to, n, keys);
            }
            case BF16 -> {
                MemorySegment.copy(bytes, SHORT, at, shorts, 0, n);
                if (to == KeyType.BF16) {
                    halves(n, keys);
                } else {
                    for (int i = 0; i < n; i++) {
                        ints[i] = shorts[i] << 16;
                    }
                    singles(to, n, keys);
                }
            }
            case F16 -> {
                MemorySegment.copy(bytes, SHORT, at, shorts, 0, n);
                if (to == KeyType.F16) {
                    halves(n, keys);
                } else {
                    for (int i = 0; i < n; i++) {
                        ints[i] = Float.floatToRawIntBits(Float.float16ToFloat(shorts[i]));
                    }
                    singles(to, n, keys);
                }
            }
            case F64 -> {
                MemorySegment.copy(bytes, LONG, at, keys, 0, n);
                for (int i = 0; i < n; i++) {
                    keys[i] &= Long.MAX_VALUE;
                }
            }
            case I64, U64, I32, U32, I16, U16, F8_E5M2, F8_E4M3, I8, U8, BOOL ->
                    throw new IllegalStateException(from + " is no type of weights");
        }
    }

    private void halves(int n, long[] keys) {
        for (int i = 0; i < n; i++) {
            keys[i] = shorts[i] & 0x7fff;
        }
    }

    private void singles(KeyType to, int n, long[] keys) {
        if (to == KeyType.F64) {
            for (int i = 0; i < n; i++) {
                keys[i] =
                        Double.doubleToRawLongBits(
                                Float.intBitsToFloat(ints[i] & Integer.MAX_VALUE));
            }
        } else {
            for (int i = 0; i < n; i++) {
                keys[i] = ints[i] & Integer.MAX_VALUE;
            }
        }
    }
}
