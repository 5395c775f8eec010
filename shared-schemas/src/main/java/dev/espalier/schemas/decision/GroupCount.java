// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.decision;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One group of a policy's scope.
 *
 * @param tensor null for the global scope
 * @param unit the row, for the neuron scope
 * @param active d
 * @param pruned c, how many of them go
 * @param note why nothing is pruned, if that does not follow from the rule
 */
public record GroupCount(
        @Nullable String tensor,
        @Nullable Integer unit,
        long active,
        long pruned,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {}
