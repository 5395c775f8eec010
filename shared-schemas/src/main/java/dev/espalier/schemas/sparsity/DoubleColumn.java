// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A list of numbers that takes eight bytes for each; it cannot be changed. */
public final class DoubleColumn extends AbstractList<Double> implements RandomAccess {

    private final double[] values;

    private DoubleColumn(double[] values) {
        this.values = values;
    }

    /**
     * @param values are not copied and must not be changed any more
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static DoubleColumn over(double[] values) {
        return new DoubleColumn(Objects.requireNonNull(values));
    }

    public static DoubleColumn copyOf(List<Double> values) {
        return values instanceof DoubleColumn column
                ? column
                : new DoubleColumn(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The number at an index, without a box. */
    public double at(int index) {
        return values[index];
    }

    @JsonValue
    double[] values() {
        return values;
    }

    @Override
    public Double get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof DoubleColumn other
                ? Arrays.equals(values, other.values)
                : super.equals(o);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
