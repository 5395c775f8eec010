// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import dev.espalier.transport.retry.RetrySchedule;
import java.time.Duration;

/**
 * How a record is retried.
 *
 * @param schedule the pauses
 * @param attempts how often a record may fail unexpectedly before it becomes a dead letter
 */
public record RetryPolicy(RetrySchedule schedule, int attempts) {

    /** Three attempts, pauses of 200 ms to 15 s. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(new RetrySchedule(Duration.ofMillis(200), Duration.ofSeconds(15)), 3);

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts is %d, below 1".formatted(attempts));
        }
    }
}
