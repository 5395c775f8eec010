// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.health;

import dev.espalier.schemas.ForeignText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each dependency every two seconds, each on its own thread, and tells the {@link
 * Availability}. A dependency that does not answer at all delays no other one.
 */
public final class BackgroundCheck implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(BackgroundCheck.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Availability availability;
    private final Duration interval;
    private final List<Thread> threads = new ArrayList<>();

    private BackgroundCheck(Availability availability, Duration interval) {
        this.availability = availability;
        this.interval = interval;
    }

    public static BackgroundCheck start(Availability availability, Map<Dependency, Probe> probes) {
        return start(availability, probes, INTERVAL);
    }

    static BackgroundCheck start(
            Availability availability, Map<Dependency, Probe> probes, Duration interval) {
        var check = new BackgroundCheck(availability, interval);
        probes.forEach(
                (dependency, probe) ->
                        check.threads.add(
                                Thread.ofVirtual()
                                        .name("check-" + dependency.text().replace(' ', '-'))
                                        .start(() -> check.repeat(dependency, probe))));
        return check;
    }

    private void repeat(Dependency dependency, Probe probe) {
        boolean answered = true;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                probe.check();
                availability.succeeded(dependency);
                if (!answered) {
                    LOGGER.info("The {} answers again", dependency.text());
                }
                answered = true;
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                if (answered && !Thread.currentThread().isInterrupted()) {
                    LOGGER.warn(
                            "The {} does not answer: error={}",
                            dependency.text(),
                            ForeignText.reason(String.valueOf(e.getMessage())));
                }
                answered = false;
            }
            try {
                Thread.sleep(interval);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
