// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Maskable;
import dev.espalier.schemas.tensor.TensorInfo;
import java.util.Arrays;
import java.util.List;

/** Name and shape of one parameter, as in PyTorch: {@code fc1.weight} is (out, in). */
public record Parameter(String name, List<Long> shape) {

    public Parameter {
        shape = List.copyOf(shape);
    }

    static Parameter of(String name, long... shape) {
        return new Parameter(name, Arrays.stream(shape).boxed().toList());
    }

    /** Number of values. */
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Whether a mask may cover it. */
    public boolean isMaskable() {
        return Maskable.refusal(new TensorInfo(name, DType.F32, shape, 0)) == null;
    }

    /** Number of inputs of one output unit. */
    long fanIn() {
        return size() / shape.getFirst();
    }
}
