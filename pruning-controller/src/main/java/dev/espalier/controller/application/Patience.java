// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import java.time.Duration;

/**
 * How long to try again in place before a message goes to the dead letters.
 *
 * @param forRun while its run is unknown
 * @param forOutage while store or broker are away
 * @param firstPause between two attempts; doubles from one to the next
 * @param longestPause where it stops doubling
 */
public record Patience(
        Duration forRun, Duration forOutage, Duration firstPause, Duration longestPause) {

    public Patience {
        if (!firstPause.isPositive() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    "the pauses between attempts go from %s to %s: they must be positive and must not shrink"
                            .formatted(firstPause, longestPause));
        }
    }

    public Duration pause(int attempt) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(attempt, 20));
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
