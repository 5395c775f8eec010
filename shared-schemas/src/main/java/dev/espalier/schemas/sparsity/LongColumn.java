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
public final class LongColumn extends AbstractList<Long> implements RandomAccess {

    private final long[] values;

    private LongColumn(long[] values) {
        this.values = values;
    }

    /**
     * @param values are not copied and must not be changed any more
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static LongColumn over(long[] values) {
        return new LongColumn(Objects.requireNonNull(values));
    }

    public static LongColumn copyOf(List<Long> values) {
        return values instanceof LongColumn column
                ? column
                : new LongColumn(values.stream().mapToLong(Long::longValue).toArray());
    }

    /** The number at an index, without a box. */
    public long at(int index) {
        return values[index];
    }

    @JsonValue
    long[] values() {
        return values;
    }

    @Override
    public Long get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof LongColumn other
                ? Arrays.equals(values, other.values)
                : super.equals(o);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
