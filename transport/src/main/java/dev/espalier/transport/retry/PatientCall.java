// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.retry;

import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.time.Time;
import dev.espalier.transport.time.WaitInterruptedException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats an operation while a dependency is away, without limit, and tells the {@link
 * Availability}.
 */
public final class PatientCall {

    /** What is repeated. */
    @FunctionalInterface
    public interface Operation<T> {
        T run() throws InterruptedException;
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(PatientCall.class);

    private final Dependency dependency;
    private final RetrySchedule schedule;
    private final Time time;
    private final Availability availability;

    public PatientCall(
            Dependency dependency, RetrySchedule schedule, Time time, Availability availability) {
        this.dependency = dependency;
        this.schedule = schedule;
        this.time = time;
        this.availability = availability;
    }

    /**
     * Returns the result of the first attempt that the dependency answers.
     *
     * @param outage says of a failure what is wrong, if the dependency is away; throws, or is empty
     *     for any other failure, which is then thrown
     * @throws WaitInterruptedException if the thread was interrupted
     */
    public <T> T call(Operation<T> operation, Function<RuntimeException, Optional<String>> outage) {
        Availability.@Nullable Wait wait = null;
        try {
            for (int failures = 1; ; failures++) {
                try {
                    T result = operation.run();
                    availability.succeeded(dependency);
                    return result;
                } catch (RuntimeException e) {
                    String what = outage.apply(e).orElseThrow(() -> e);
                    if (wait == null) {
                        wait = availability.waitFor(dependency, what);
                        LOGGER.warn(
                                "The {} is away, trying again: error={}", dependency.text(), what);
                    } else {
                        wait.update(what);
                    }
                    time.pause(schedule.pause(failures));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException(
                    "interrupted while waiting for the %s".formatted(dependency.text()), e);
        } finally {
            if (wait != null) {
                wait.close();
            }
        }
    }
}
