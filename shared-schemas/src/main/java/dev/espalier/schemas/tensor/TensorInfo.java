// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.util.List;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param shape row-major; empty for a scalar
 * @param offset of its first byte from the start of the file, not of the buffer
 */
public record TensorInfo(String name, DType dtype, List<Long> shape, long offset) {

    public TensorInfo {
        shape = List.copyOf(shape);
        elements(name, shape);
    }

    /** Number of elements. */
    public long count() {
        return elements(name, shape);
    }

    public long byteSize() {
        return byteSize(name, dtype, shape);
    }

    /** The number of output units: rows of the tensor viewed as (out, rest). */
    public long rows() {
        return shape.isEmpty() ? 1 : shape.getFirst();
    }

    /** Elements of one row; 0 if the tensor has no rows. */
    public long rowLength() {
        return rows() == 0 ? 0 : count() / rows();
    }

    static long byteSize(String name, DType dtype, List<Long> shape) {
        try {
            return Math.multiplyExact(elements(name, shape), dtype.bytes());
        } catch (ArithmeticException e) {
            throw new SafetensorsException(
                    "tensor '%s' of type %s has the shape %s: more bytes than 64 bits count"
                            .formatted(name, dtype, shape),
                    e);
        }
    }

    static long elements(String name, List<Long> shape) {
        long product = 1;
        for (long extent : shape) {
            if (extent < 0) {
                throw new SafetensorsException(
                        "tensor '%s' has the shape %s, with a negative extent"
                                .formatted(name, shape));
            }
            try {
                product = Math.multiplyExact(product, extent);
            } catch (ArithmeticException e) {
                throw new SafetensorsException(
                        "tensor '%s' has the shape %s: more elements than 64 bits count"
                                .formatted(name, shape),
                        e);
            }
        }
        return product;
    }
}
