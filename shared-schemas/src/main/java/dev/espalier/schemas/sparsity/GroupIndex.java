// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The PQ Index of one group for one pair, as it is shown.
 *
 * @param value null where the index is undefined: no active weight, or all of them 0
 * @param retain the bound r with η = 0, in weights; null where the index is undefined
 */
public record GroupIndex(double p, double q, @Nullable Double value, @Nullable Double retain) {

    public static GroupIndex of(PowerSums sums, NormPair pair) {
        OptionalDouble index = sums.index(pair);
        if (index.isEmpty()) {
            return new GroupIndex(pair.p(), pair.q(), null, null);
        }
        double value = index.getAsDouble();
        return new GroupIndex(
                pair.p(), pair.q(), value, PqIndex.retain(sums.active(), value, pair, 0));
    }
}
