// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

import dev.espalier.schemas.tensor.DType;
import java.util.Collection;

/**
 * The floating-point type whose bits, without the sign, are the keys of a group. For all but NaN
 * the order of the keys as integers is that of the magnitudes.
 */
public enum KeyType {
    F16(15, 0x7c00),
    BF16(15, 0x7f80),
    F32(31, 0x7f80_0000),
    F64(63, 0x7ff0_0000_0000_0000L);

    private final int bits;
    private final long infinity;

    KeyType(int bits, long infinity) {
        this.bits = bits;
        this.infinity = infinity;
    }

    /** Width of a key. */
    int bits() {
        return bits;
    }

    /** The key of infinity; those above it are NaN. */
    public long infinity() {
        return infinity;
    }

    /** |w| of a key, exactly. */
    public double magnitude(long key) {
        return switch (this) {
            case F16 -> Float.float16ToFloat((short) key);
            case BF16 -> Float.intBitsToFloat((int) key << 16);
            case F32 -> Float.intBitsToFloat((int) key);
            case F64 -> Double.longBitsToDouble(key);
        };
    }

    /** The narrowest type that holds every value of the given types exactly. */
    public static KeyType common(Collection<DType> types) {
        if (types.contains(DType.F64)) {
            return F64;
        }
        return types.stream().distinct().count() == 1 ? of(types.iterator().next()) : F32;
    }

    private static KeyType of(DType type) {
        return switch (type) {
            case F16 -> F16;
            case BF16 -> BF16;
            case F32 -> F32;
            case F64 -> F64;
            case I64, U64, I32, U32, I16, U16, F8_E5M2, F8_E4M3, I8, U8, BOOL ->
                    throw new IllegalStateException(type + " is no type of weights");
        };
    }
}
