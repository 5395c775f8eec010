// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import org.jspecify.annotations.Nullable;

/**
 * What a formula knows of a group.
 *
 * @param number of the group, from 0, in the order of the file
 * @param tensor null where the group is of all tensors
 * @param unit null where the group is more than a row
 * @param total number of weights
 * @param d number of active ones
 * @param pqi the PQ Index; NaN where it is undefined
 * @param r the bound; NaN likewise
 */
public record GroupFacts(
        int number,
        @Nullable String tensor,
        @Nullable Integer unit,
        long total,
        long d,
        double pqi,
        double r) {

    /** For people. */
    String name() {
        if (tensor == null) {
            return "all tensors";
        }
        return unit == null ? "'" + tensor + "'" : "unit %d of '%s'".formatted(unit, tensor);
    }
}
