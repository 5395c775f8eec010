// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.util.Optional;

/** The element types of safetensors. The first four are those that can be measured and pruned. */
public enum DType {
    F64(8, true),
    F32(4, true),
    F16(2, true),
    BF16(2, true),
    I64(8, false),
    U64(8, false),
    I32(4, false),
    U32(4, false),
    I16(2, false),
    U16(2, false),
    F8_E5M2(1, false),
    F8_E4M3(1, false),
    I8(1, false),
    U8(1, false),
    BOOL(1, false);

    private final int bytes;
    private final boolean weight;

    DType(int bytes, boolean weight) {
        this.bytes = bytes;
        this.weight = weight;
    }

    public int bytes() {
        return bytes;
    }

    /** Whether a tensor of this type can be measured and pruned. */
    public boolean isWeight() {
        return weight;
    }

    public static Optional<DType> named(String name) {
        for (DType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
