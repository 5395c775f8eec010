// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor to write.
 *
 * @param bytes row-major, little-endian, count times the size of the type
 */
public record TensorData(String name, DType dtype, List<Long> shape, MemorySegment bytes) {

    public TensorData {
        shape = List.copyOf(shape);
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException(
                    "no tensor can be named '%s': the format keeps its metadata there"
                            .formatted(name));
        }
        long wanted = TensorInfo.byteSize(name, dtype, shape);
        if (bytes.byteSize() != wanted) {
            throw new IllegalArgumentException(
                    "tensor '%s' of type %s and shape %s takes %d bytes, given are %d"
                            .formatted(name, dtype, shape, wanted, bytes.byteSize()));
        }
    }
}
