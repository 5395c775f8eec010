// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import java.io.Serial;

/** An active weight is NaN or infinite: nothing can be said about the snapshot, now or later. */
public final class NonFiniteWeightException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final String tensor;
    private final long index;
    private final double value;

    /**
     * @param index row-major, from 0
     */
    public NonFiniteWeightException(String tensor, long index, double value) {
        super(
                "weight %d of tensor '%s' is %s\nMaybe the training diverged"
                        .formatted(index, tensor, value));
        this.tensor = tensor;
        this.index = index;
        this.value = value;
    }

    public String tensor() {
        return tensor;
    }

    public long index() {
        return index;
    }

    public double value() {
        return value;
    }
}
