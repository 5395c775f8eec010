// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.time;

import java.time.Duration;
import java.time.Instant;

/** The time of this machine. */
public final class SystemTime implements Time {

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }
}
