// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.config;

import dev.espalier.controller.application.Time;
import java.time.Duration;

/** The time of the machine. */
final class SystemTime implements Time {

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }
}
