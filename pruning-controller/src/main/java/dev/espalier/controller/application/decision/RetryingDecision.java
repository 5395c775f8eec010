// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.application.BrokerUnavailableException;
import dev.espalier.controller.application.Patience;
import dev.espalier.controller.application.Readiness;
import dev.espalier.controller.application.Time;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Decides, and tries again in place where that may help: the order of a run's messages stays. */
public final class RetryingDecision {

    private static final Logger LOGGER = LoggerFactory.getLogger(RetryingDecision.class);

    private final DecidePruning decidePruning;
    private final Patience patience;
    private final Readiness readiness;
    private final Time time;

    public RetryingDecision(
            DecidePruning decidePruning, Patience patience, Readiness readiness, Time time) {
        this.decidePruning = decidePruning;
        this.patience = patience;
        this.readiness = readiness;
        this.time = time;
    }

    /**
     * @throws GaveUpException if it took too long
     * @throws RuntimeException any other one if trying again does not help
     */
    public Decided decide(IterationEvent event, String cause) throws InterruptedException {
        readiness.awaitOpen();
        @Nullable Duration since = null;
        @Nullable Duration last = null;
        for (int attempt = 0; ; attempt++) {
            RuntimeException failure;
            Duration limit;
            try {
                Decided decided = decidePruning.decide(event, cause);
                readiness.found();
                return decided;
            } catch (UnknownRunException e) {
                failure = e;
                limit = patience.forRun();
            } catch (StoreUnavailableException
                    | BrokerUnavailableException
                    | UncheckedIOException e) {
                readiness.lost(String.valueOf(e.getMessage()));
                failure = e;
                limit = patience.forOutage();
            }
            // From the first failure of its kind on: an outage must not use up the patience for a
            // run, nor a process that stood still all of it.
            if (since == null || !limit.equals(last)) {
                since = time.elapsed();
                last = limit;
            }
            if (time.elapsed().minus(since).compareTo(limit) >= 0) {
                throw new GaveUpException(limit, failure);
            }
            LOGGER.atLevel(attempt == 0 ? Level.WARN : Level.DEBUG)
                    .log(
                            "Trying again: runId={} iteration={} error={}",
                            event.runId(),
                            event.iteration(),
                            failure.getMessage());
            time.pause(patience.pause(attempt));
        }
    }
}
