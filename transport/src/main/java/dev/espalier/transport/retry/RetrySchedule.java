// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.retry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Pauses between attempts: the first pause, then twice as long each time, up to the longest. It has
 * no jitter, so that a simulation can repeat a run.
 *
 * @param first the pause after the first failure
 * @param longest the greatest pause
 * @param limit how long to retry after the first failure; null for no limit, which is the rule for
 *     transient failures
 */
public record RetrySchedule(Duration first, Duration longest, @Nullable Duration limit) {

    public RetrySchedule {
        if (first.isNegative() || first.isZero()) {
            throw new IllegalArgumentException(
                    "the first pause is %s, not above zero".formatted(first));
        }
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "the longest pause is %s, below the first of %s".formatted(longest, first));
        }
        if (limit != null && limit.isNegative()) {
            throw new IllegalArgumentException("the limit is %s, below zero".formatted(limit));
        }
    }

    /** A schedule without a limit. */
    public RetrySchedule(Duration first, Duration longest) {
        this(first, longest, null);
    }

    public RetrySchedule within(Duration limit) {
        return new RetrySchedule(first, longest, limit);
    }

    /**
     * Returns the pause before the next attempt.
     *
     * @param failures the number of failures so far, at least 1
     */
    public Duration pause(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("failures is %d, below 1".formatted(failures));
        }
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /** True once the time since the first failure has reached the limit. */
    public boolean isOver(Duration sinceFirstFailure) {
        return limit != null && sinceFirstFailure.compareTo(limit) >= 0;
    }
}
