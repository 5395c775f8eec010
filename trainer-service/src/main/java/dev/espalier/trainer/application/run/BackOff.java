// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import java.time.Duration;
import java.time.Instant;

/** When to try again: after half a second, then twice as long each time, up to 15 seconds. */
final class BackOff {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private Duration next = FIRST;
    private Instant due = Instant.EPOCH;

    void failed(Instant now) {
        due = now.plus(next);
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    }

    void succeeded() {
        next = FIRST;
        due = Instant.EPOCH;
    }

    Instant due() {
        return due;
    }
}
