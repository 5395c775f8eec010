// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What the guard of the policy saw and did.
 *
 * @param value the metric of this iteration; absent if it was not reported
 * @param dense the metric of iteration 0; absent if it was not reported
 * @param rollBacks how often this version of the policy rolled back so far, this time included; a
 *     further roll-back from an iteration that is itself no longer within budget does not count
 * @param rollBackTo with the verdict roll-back: the iteration whose mask is taken again
 * @param lastWithin the last iteration within the budget, this one included; absent if no iteration
 *     was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GuardState(
        @Nullable Double value,
        @Nullable Double dense,
        int rollBacks,
        @Nullable Integer rollBackTo,
        @Nullable Integer lastWithin) {}
