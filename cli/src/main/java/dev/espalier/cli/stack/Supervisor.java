// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import dev.espalier.local.host.LocalStackException;
import dev.espalier.local.process.ServiceExit;
import dev.espalier.local.process.ServiceProcess;
import dev.espalier.local.process.ServiceSpec;
import dev.espalier.local.process.Services;
import dev.espalier.transport.retry.RetrySchedule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts services and keeps them running: one that ends by itself is started again as it was, with
 * the same ports and the same environment, after a while.
 */
final class Supervisor implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(3);

    /** Before a service is started again. */
    static final RetrySchedule PAUSES =
            new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** A process that lived as long as this begins the schedule of pauses again. */
    static final Duration LONG_LIFE = Duration.ofMinutes(1);

    private final Clock clock;
    private final Consumer<String> notices;
    private final Runnable onNewProcess;
    private final Services services;
    private final Map<String, Integer> shortLives = new HashMap<>();
    private final Map<String, Instant> startedAt = new HashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("supervisor").factory());
    private boolean armed;
    private boolean closed;

    private Supervisor(
            List<ServiceSpec> specs, Clock clock, Consumer<String> notices, Runnable onNewProcess) {
        this.clock = clock;
        this.notices = notices;
        this.onNewProcess = onNewProcess;
        for (ServiceSpec spec : specs) {
            startedAt.put(spec.name(), clock.instant());
        }
        this.services = Services.start(specs, line -> {}, this::ended);
    }

    /**
     * Returns at once. Until {@link #awaitReady}, a service that ends is an error, and is not
     * started again.
     *
     * @param onNewProcess hears whenever a service has got another process
     */
    static Supervisor start(
            List<ServiceSpec> specs, Clock clock, Consumer<String> notices, Runnable onNewProcess) {
        return new Supervisor(specs, clock, notices, onNewProcess);
    }

    /** Waits until every service is ready, and from then on lets none of them stay dead. */
    void awaitReady() {
        services.awaitReady(READY_WITHIN);
        synchronized (this) {
            armed = true;
            services.all().stream()
                    .filter(service -> !service.isAlive())
                    .forEach(service -> startLater(service.name(), "ended at once"));
        }
    }

    SortedMap<String, Long> pids() {
        SortedMap<String, Long> pids = new TreeMap<>();
        services.all().forEach(service -> pids.put(service.name(), service.pid()));
        return pids;
    }

    /**
     * @param shortLives of the processes before
     * @param life of the process that has just ended
     * @return the short lives in a row, this one included; at least 1
     */
    static int failures(int shortLives, Duration life) {
        return life.compareTo(LONG_LIFE) >= 0 ? 1 : shortLives + 1;
    }

    private synchronized void ended(ServiceExit exit) {
        if (armed && !exit.requested()) {
            startLater(exit.name(), "ended with exit code " + exit.code());
        }
    }

    private synchronized void startLater(String name, String what) {
        if (closed) {
            return;
        }
        Instant now = clock.instant();
        Duration life = Duration.between(startedAt.getOrDefault(name, now), now);
        int failures = failures(shortLives.getOrDefault(name, 0), life);
        shortLives.put(name, failures);
        Duration wait = PAUSES.pause(failures);
        notices.accept("%s %s; it starts again in %d s".formatted(name, what, wait.toSeconds()));
        var _ = timer.schedule(() -> startAgain(name), wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void startAgain(String name) {
        ServiceProcess service = services.get(name);
        synchronized (this) {
            if (closed || service.isAlive()) {
                return;
            }
            startedAt.put(name, clock.instant());
            try {
                service.restart();
            } catch (LocalStackException e) {
                startLater(name, "cannot be started: " + e.getMessage());
                return;
            }
        }
        onNewProcess.run();
        Thread.ofPlatform().daemon().name(name + "-ready").start(() -> tellReady(service));
    }

    private void tellReady(ServiceProcess service) {
        try {
            service.awaitReady(READY_WITHIN);
            notices.accept(service.name() + " is ready again");
        } catch (LocalStackException e) {
            synchronized (this) {
                if (closed || !service.isAlive()) {
                    return;
                }
            }
            notices.accept(e.getMessage());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        timer.shutdownNow();
        services.close();
    }
}
