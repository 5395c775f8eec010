// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Tells the time and waits. */
public interface Time extends InstantSource {

    /** Returns the time of day, which may jump. */
    Instant now();

    /** Returns the time since a fixed but arbitrary moment. It never goes back. */
    Duration elapsed();

    /** Waits for a duration. */
    void pause(Duration duration) throws InterruptedException;

    @Override
    default Instant instant() {
        return now();
    }
}
