// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.health;

import dev.espalier.schemas.ForeignText;
import dev.espalier.transport.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows when each dependency last answered and what the service waits for. All methods are safe for
 * use by several threads and answer from memory.
 *
 * <p>The service is ready if each required dependency has answered within {@code freshFor}, no wait
 * lasts longer than {@code freshFor}, and no block is set.
 */
public final class Availability {

    /** How old the last success may be. */
    public static final Duration FRESH_FOR = Duration.ofSeconds(10);

    private final Time time;
    private final Duration freshFor;
    private final Set<Dependency> required;
    private final Map<Dependency, Moment> lastSuccess = new EnumMap<>(Dependency.class);
    private final Set<Wait> waits = new LinkedHashSet<>();
    private final Map<String, String> blocks = new LinkedHashMap<>();

    /**
     * @param required the dependencies without which the service is not ready
     */
    public Availability(Time time, Duration freshFor, Set<Dependency> required) {
        this.time = time;
        this.freshFor = freshFor;
        this.required = Set.copyOf(required);
    }

    /** With {@link #FRESH_FOR}. */
    public Availability(Time time, Set<Dependency> required) {
        this(time, FRESH_FOR, required);
    }

    private record Moment(Duration elapsed, Instant at) {}

    /**
     * A wait for one dependency.
     *
     * @param dependency that does not answer
     * @param what happens to it, in a few words
     * @param since the time of the first failure
     */
    public record Waiting(Dependency dependency, String what, Instant since) {}

    /** A wait in progress. Closing it ends the wait. */
    public final class Wait implements AutoCloseable {
        private final Dependency dependency;
        private final Moment since;
        private String what;

        private Wait(Dependency dependency, String what, Moment since) {
            this.dependency = dependency;
            this.what = what;
            this.since = since;
        }

        /** Replaces the description after another failure. */
        public void update(String latest) {
            synchronized (Availability.this) {
                what = ForeignText.reason(latest);
            }
        }

        @Override
        public void close() {
            synchronized (Availability.this) {
                waits.remove(this);
            }
        }
    }

    /** Records that a dependency has answered. */
    public synchronized void succeeded(Dependency dependency) {
        lastSuccess.put(dependency, moment());
    }

    /** Begins to wait for a dependency. */
    public synchronized Wait waitFor(Dependency dependency, String what) {
        var wait = new Wait(dependency, ForeignText.reason(what), moment());
        waits.add(wait);
        return wait;
    }

    /**
     * Makes the service not ready until {@link #unblock}, for a cause that is not an outage: a
     * fenced instance id, a store without conditional creation, views that are not caught up.
     *
     * @param cause identifies the block
     * @param reason what to tell the operator
     */
    public synchronized void block(String cause, String reason) {
        blocks.put(cause, ForeignText.reason(reason));
    }

    public synchronized void unblock(String cause) {
        blocks.remove(cause);
    }

    /** Returns all waits, the longest first. */
    public synchronized List<Waiting> waiting() {
        return waits.stream()
                .sorted(Comparator.comparing(wait -> wait.since.elapsed()))
                .map(wait -> new Waiting(wait.dependency, wait.what, wait.since.at()))
                .toList();
    }

    /** Returns the age of the last success, or empty if there has been no success yet. */
    public synchronized Optional<Duration> sinceSuccess(Dependency dependency) {
        return Optional.ofNullable(lastSuccess.get(dependency))
                .map(last -> time.elapsed().minus(last.elapsed()));
    }

    /** Returns the answer to a readiness probe. */
    public synchronized Readiness readiness() {
        Duration now = time.elapsed();
        List<String> reasons = new ArrayList<>(blocks.values());
        for (Dependency dependency : Dependency.values()) {
            if (required.contains(dependency)) {
                staleness(dependency, now).ifPresent(reasons::add);
            }
        }
        for (Wait wait : waits) {
            Duration age = now.minus(wait.since.elapsed());
            if (age.compareTo(freshFor) > 0) {
                reasons.add(
                        "waiting for the %s for %d s: %s"
                                .formatted(wait.dependency.text(), age.toSeconds(), wait.what));
            }
        }
        return new Readiness(reasons.isEmpty(), reasons);
    }

    private Optional<String> staleness(Dependency dependency, Duration now) {
        Moment last = lastSuccess.get(dependency);
        if (last == null) {
            return Optional.of("the %s has not answered yet".formatted(dependency.text()));
        }
        Duration age = now.minus(last.elapsed());
        return age.compareTo(freshFor) > 0
                ? Optional.of(
                        "the %s has not answered for %d s"
                                .formatted(dependency.text(), age.toSeconds()))
                : Optional.empty();
    }

    private Moment moment() {
        return new Moment(time.elapsed(), time.now());
    }
}
