// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.schemas.sparsity.DoubleColumn;
import dev.espalier.schemas.sparsity.LongColumn;
import dev.espalier.schemas.sparsity.MeasuredTensor.Units;
import java.util.Arrays;

/** Numbers of active weights and their sums, in columns. */
final class SegmentSums {

    final long[] active;

    /** By exponent. */
    final double[][] sums;

    SegmentSums(int exponents, int size) {
        this.active = new long[size];
        this.sums = new double[exponents][size];
    }

    void addSegment(int at, SegmentSums segments, int segment) {
        active[at] += segments.active[segment];
        for (int e = 0; e < sums.length; e++) {
            sums[e][at] += segments.sums[e][segment];
        }
    }

    /** Adds what is not here yet: each sum is added to 0, or 0 to it. */
    void add(Units part, int start) {
        for (int i = 0; i < part.count(); i++) {
            active[start + i] += part.active().at(i);
            for (int e = 0; e < sums.length; e++) {
                sums[e][start + i] += part.sums().get(e).at(i);
            }
        }
    }

    Units units(int from, int to) {
        return new Units(
                LongColumn.over(Arrays.copyOfRange(active, from, to)),
                Arrays.stream(sums)
                        .map(column -> DoubleColumn.over(Arrays.copyOfRange(column, from, to)))
                        .toList());
    }
}
