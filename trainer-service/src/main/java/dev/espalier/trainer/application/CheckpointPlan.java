// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import java.time.Duration;
import java.time.Instant;

/**
 * When to keep the state within an iteration, besides at the end of the process.
 *
 * @param epochs at the end of every so many epochs
 * @param interval but not before so much time has gone by since the last time
 */
public record CheckpointPlan(int epochs, Duration interval) {

    public CheckpointPlan {
        if (epochs < 1) {
            throw new IllegalArgumentException(
                    "checkpoint epochs are " + epochs + ", below 1\nMaybe raise the interval.");
        }
    }

    public boolean isDue(int epochsDone, Instant last, Instant now) {
        return epochsDone % epochs == 0 && !now.isBefore(last.plus(interval));
    }
}
