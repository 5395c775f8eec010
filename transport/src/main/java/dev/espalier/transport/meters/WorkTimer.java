// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.meters;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Times a kind of work as a histogram for each outcome. All histograms have the same buckets, from
 * 5 ms to 1 h, so the number of series is bounded and histograms of services can be added.
 */
public final class WorkTimer {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1)
    };

    private final Map<WorkOutcome, Timer> timers = new EnumMap<>(WorkOutcome.class);

    /**
     * Registers a histogram with the count 0 for each outcome.
     *
     * @param name with dots and without a unit, such as {@code espalier.checkpoint.duration}
     * @param meaning the text of {@code docs/metrics.md}
     * @param tags names and values of further labels, in turn
     */
    public WorkTimer(
            MeterRegistry registry,
            String name,
            String meaning,
            Set<WorkOutcome> outcomes,
            String... tags) {
        for (WorkOutcome outcome : outcomes) {
            timers.put(
                    outcome,
                    histogram(name, meaning)
                            .tags(tags)
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
    }

    /** Returns a histogram of work whose outcome is not distinguished. */
    public static Timer without(MeterRegistry registry, String name, String meaning) {
        return histogram(name, meaning).register(registry);
    }

    /**
     * @param outcome one of those that were registered
     */
    public void record(WorkOutcome outcome, Duration duration) {
        Objects.requireNonNull(timers.get(outcome), "the outcome was not registered")
                .record(duration);
    }

    private static Timer.Builder histogram(String name, String meaning) {
        return Timer.builder(name).description(meaning).serviceLevelObjectives(BUCKETS);
    }
}
