// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Maskable;
import dev.espalier.schemas.tensor.TensorInfo;
import java.util.Arrays;
import java.util.List;

/** Name and shape of one parameter or buffer, as in PyTorch: {@code fc1.weight} is (out, in). */
public record Parameter(String name, List<Long> shape) {

    static final String RUNNING_MEAN = ".running_mean";
    static final String RUNNING_VARIANCE = ".running_var";

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

    /** Number of outputs that one input pixel reaches, as PyTorch counts: out × kernel area. */
    long fanOut() {
        return size() / shape.get(1);
    }
}
