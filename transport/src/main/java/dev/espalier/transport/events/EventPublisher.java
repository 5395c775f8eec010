// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.schemas.event.Event;
import org.jspecify.annotations.Nullable;

/** Publishes events durably. */
@FunctionalInterface
public interface EventPublisher {

    /**
     * Returns when the broker has acknowledged the event. Waits without limit while the broker is
     * away.
     *
     * @param cause the id of the event that led to this one
     * @throws PublishingException if the event can never be published
     * @throws dev.espalier.transport.time.WaitInterruptedException if the thread was interrupted
     *     during an outage
     */
    void publish(Event event, @Nullable String cause);

    default void publish(Event event) {
        publish(event, null);
    }
}
