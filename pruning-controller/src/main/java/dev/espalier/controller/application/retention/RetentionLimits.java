// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.retention;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a person allows. Without a limit everything stays.
 *
 * @param afterEnd how long the iterations of a run stay after its end
 * @param bytes how many bytes all runs together may take; the runs that ended first give way
 */
public record RetentionLimits(@Nullable Duration afterEnd, @Nullable Long bytes) {

    /** Everything stays. */
    public static final RetentionLimits NONE = new RetentionLimits(null, null);

    public RetentionLimits {
        if (afterEnd != null && afterEnd.isNegative()) {
            throw new IllegalArgumentException(
                    "the time after the end is %s, below zero".formatted(afterEnd));
        }
        if (bytes != null && bytes < 0) {
            throw new IllegalArgumentException(
                    "the limit is %d bytes, below zero".formatted(bytes));
        }
    }
}
