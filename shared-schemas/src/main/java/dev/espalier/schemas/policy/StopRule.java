// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.sparsity.Phase;
import org.jspecify.annotations.Nullable;

/**
 * When to stop: as soon as one of the conditions holds.
 *
 * @param iterations N: stop after training N
 * @param remainingBelow stop when the fraction of active weights is below this
 * @param phase stop when the PQ Index has come to this phase, or beyond it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StopRule(
        @Nullable Integer iterations, @Nullable Double remainingBelow, @Nullable Phase phase) {

    public static final StopRule NONE = new StopRule(null, null, null);

    public StopRule {
        if (iterations != null && (iterations < 0 || iterations > 999_999)) {
            throw new IllegalArgumentException(
                    "stop.iterations is " + iterations + ", outside 0 to 999999");
        }
        if (remainingBelow != null && !(remainingBelow >= 0 && remainingBelow <= 1)) {
            throw new IllegalArgumentException(
                    "stop.remainingBelow is %s: it is a fraction from 0 to 1"
                            .formatted(remainingBelow));
        }
        if (phase == Phase.REGULARISATION) {
            throw new IllegalArgumentException(
                    "stop.phase is regularisation, in which every run begins: compression or collapse is wanted");
        }
    }

    /** A rule without a phase. */
    public StopRule(@Nullable Integer iterations, @Nullable Double remainingBelow) {
        this(iterations, remainingBelow, null);
    }
}
