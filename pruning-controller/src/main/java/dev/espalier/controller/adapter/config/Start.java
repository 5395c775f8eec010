// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.config;

import dev.espalier.controller.application.StartupGate;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Opens the service, on a thread of its own: health can be asked for meanwhile. */
@Singleton
final class Start {

    private static final Logger LOGGER = Logger.getLogger(Start.class);

    private final Thread thread;

    Start(StartupGate open) {
        this.thread = Thread.ofVirtual().name("start").unstarted(() -> run(open));
    }

    void onStart(@Observes StartupEvent event) {
        thread.start();
    }

    void onStop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private static void run(StartupGate open) {
        try {
            open.open();
        } catch (InterruptedException e) {
            LOGGER.debug("Stopped before it was ready");
        } catch (IllegalStateException e) {
            LOGGER.fatalf("This service must not serve: %s", e.getMessage());
            Quarkus.asyncExit(1);
        }
    }
}
