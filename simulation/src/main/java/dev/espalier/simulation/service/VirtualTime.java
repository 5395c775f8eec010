// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.transport.time.Time;
import java.time.Duration;
import java.time.Instant;

/** The time of the timeline. Waiting lets the other actors run. */
record VirtualTime(World world) implements Time {

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(world.timeline().now());
    }

    @Override
    public Duration elapsed() {
        return Duration.ofMillis(world.timeline().now());
    }

    @Override
    public void pause(Duration duration) {
        world.timeline().sleep(duration.toMillis());
    }
}
