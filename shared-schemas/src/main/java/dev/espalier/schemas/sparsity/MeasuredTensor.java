// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The power sums of one tensor and of each of its units. The order of the exponents is that of the
 * document.
 *
 * @param shape of the tensor
 * @param active d of the whole tensor
 * @param sums one per exponent, over the whole tensor
 * @param units the rows of the tensor viewed as (out, rest)
 * @param gini of the whole tensor; absent where it was not asked for, or all active weights are 0
 */
public record MeasuredTensor(
        String tensor,
        List<Long> shape,
        long active,
        List<Double> sums,
        Units units,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable GiniIndex gini) {

    /** Without the Gini index. */
    public MeasuredTensor(
            String tensor, List<Long> shape, long active, List<Double> sums, Units units) {
        this(tensor, shape, active, sums, units, null);
    }

    public MeasuredTensor {
        shape = List.copyOf(shape);
        sums = List.copyOf(sums);
    }

    /**
     * Columns, so that a million rows stay small.
     *
     * @param active d of each row
     * @param sums one list per exponent, with one number per row
     */
    public record Units(LongColumn active, List<DoubleColumn> sums) {

        public Units {
            sums = List.copyOf(sums);
            requireNoneBelowZero(active, sums);
        }

        public Units(List<Long> active, List<? extends List<Double>> sums) {
            this(LongColumn.copyOf(active), sums.stream().map(DoubleColumn::copyOf).toList());
        }

        private static void requireNoneBelowZero(LongColumn active, List<DoubleColumn> sums) {
            for (int row = 0; row < active.size(); row++) {
                if (active.at(row) < 0) {
                    throw new IllegalArgumentException(
                            "row %d has %d active weights".formatted(row, active.at(row)));
                }
            }
            for (DoubleColumn column : sums) {
                if (column.size() != active.size()) {
                    throw new IllegalArgumentException(
                            "%d rows, but a column of %d sums"
                                    .formatted(active.size(), column.size()));
                }
                for (int row = 0; row < column.size(); row++) {
                    if (!(column.at(row) >= 0 && column.at(row) < Double.POSITIVE_INFINITY)) {
                        throw new IllegalArgumentException(
                                "row %d has the power sum %s".formatted(row, column.at(row)));
                    }
                }
            }
        }

        public int count() {
            return active.size();
        }
    }

    public long total() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    public PowerSums powerSums(List<Double> exponents) {
        return new PowerSums(exponents, active, sums);
    }

    public PowerSums powerSums(List<Double> exponents, int unit) {
        return new PowerSums(
                exponents,
                units.active().at(unit),
                units.sums().stream().map(column -> column.at(unit)).toList());
    }
}
