// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local;

import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lowers the voice of the broker and the store, which log thousands of lines at their start, to
 * warnings; and of two categories, whose warnings at each start and stop mean nothing, to errors. A
 * level that somebody has set stays. It acts on {@code java.util.logging}, so also on the JBoss
 * LogManager of Quarkus; with another backend it does nothing.
 */
final class QuietLogging {
    private static final Map<String, Level> LEVELS =
            Map.of(
                    "kafka", Level.WARNING,
                    "org.apache.kafka", Level.WARNING,
                    "org.apache.kafka.controller", Level.SEVERE,
                    "org.apache.kafka.clients.NetworkClient", Level.SEVERE,
                    "state.change.logger", Level.WARNING,
                    "org.gaul", Level.WARNING,
                    "org.eclipse.jetty", Level.WARNING);

    /** Held here, because a logger that nobody holds is collected together with its level. */
    private static final List<Logger> LOGGERS =
            LEVELS.keySet().stream().map(Logger::getLogger).toList();

    private QuietLogging() {}

    static void apply() {
        for (Logger logger : LOGGERS) {
            if (logger.getLevel() == null) {
                logger.setLevel(LEVELS.get(logger.getName()));
            }
        }
    }
}
