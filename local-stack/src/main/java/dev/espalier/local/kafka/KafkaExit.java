// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.kafka;

import dev.espalier.local.host.LocalStackException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka ends the process when a fault is fatal, such as a log folder that has gone. In a JVM that
 * it shares with others it may only say so: the call is logged and reported, and the Kafka thread
 * that made it is unwound. Kafka's hooks are static, hence the static state here; they stay
 * installed, for a broker's threads can outlive its stop.
 */
public final class KafkaExit {
    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaExit.class);
    private static final Set<Consumer<LocalStackException>> LISTENERS =
            ConcurrentHashMap.newKeySet();

    static {
        Exit.setExitProcedure(KafkaExit::refuse);
        Exit.setHaltProcedure(KafkaExit::refuse);
    }

    private KafkaExit() {}

    static void listen(Consumer<LocalStackException> listener) {
        LISTENERS.add(listener);
    }

    static void forget(Consumer<LocalStackException> listener) {
        LISTENERS.remove(listener);
    }

    private static void refuse(int status, @Nullable String message) {
        LocalStackException failure =
                new LocalStackException(
                        "The Kafka broker gave up with status %d%s.%nTry: look in the log for a full disk or a removed data folder."
                                .formatted(status, message == null ? "" : ": " + message));
        LOGGER.error("{}", failure.getMessage());
        LISTENERS.forEach(l -> l.accept(failure));
        throw failure;
    }
}
