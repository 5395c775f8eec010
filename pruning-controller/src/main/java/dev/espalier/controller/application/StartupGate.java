// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import dev.espalier.transport.objects.CreationProbe;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What must hold before the first decision: the store was proved, runs and policies are known. */
public final class StartupGate {

    private static final Logger LOGGER = LoggerFactory.getLogger(StartupGate.class);

    private final CreationProbe probe;
    private final List<TopicView> views;
    private final Patience patience;
    private final Readiness readiness;
    private final Time time;

    public StartupGate(
            CreationProbe probe,
            List<TopicView> views,
            Patience patience,
            Readiness readiness,
            Time time) {
        this.probe = probe;
        this.views = List.copyOf(views);
        this.patience = patience;
        this.readiness = readiness;
        this.time = time;
    }

    /**
     * Waits for store and broker for as long as it takes.
     *
     * @throws IllegalStateException if two decisions on one iteration could stand in this store:
     *     the service must not serve
     */
    public void open() throws InterruptedException {
        prove();
        for (TopicView view : views) {
            view.awaitCaughtUp();
        }
        readiness.open();
        LOGGER.info("Ready to decide");
    }

    private void prove() throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                probe.run();
                return;
            } catch (StoreUnavailableException e) {
                LOGGER.atLevel(attempt == 0 ? Level.WARN : Level.DEBUG)
                        .log("Waiting for the store: error={}", e.getMessage());
                time.pause(patience.pause(attempt));
            }
        }
    }
}
