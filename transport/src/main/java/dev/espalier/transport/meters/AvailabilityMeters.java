// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.meters;

import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.time.Time;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Set;

/** Shows when each dependency last answered, and how many operations wait for it. */
public final class AvailabilityMeters {

    private static final double MILLIS = 1000.0;

    private AvailabilityMeters() {}

    /**
     * @param dependencies of the service; the temporary disk gives no answers, only waits
     */
    public static void register(
            MeterRegistry registry,
            Availability availability,
            Time time,
            Set<Dependency> dependencies) {
        for (Dependency dependency : dependencies) {
            String label = dependency.name().toLowerCase(Locale.ROOT);
            if (dependency != Dependency.DISK) {
                Gauge.builder(
                                "espalier.dependency.last.success.timestamp",
                                () -> lastSuccess(availability, time, dependency))
                        .description(
                                "Time of the last answer of the broker or the object store, in seconds since 1970; 0 before the first answer")
                        .baseUnit("seconds")
                        .tag("dependency", label)
                        .register(registry);
            }
            Gauge.builder(
                            "espalier.dependency.waits",
                            () ->
                                    availability.waiting().stream()
                                            .filter(wait -> wait.dependency() == dependency)
                                            .count())
                    .description(
                            "Number of operations that wait for the broker, the object store or space on the temporary disk")
                    .tag("dependency", label)
                    .register(registry);
        }
    }

    private static double lastSuccess(Availability availability, Time time, Dependency dependency) {
        return availability
                .sinceSuccess(dependency)
                .map(age -> time.now().minus(age).toEpochMilli() / MILLIS)
                .orElse(0.0);
    }
}
