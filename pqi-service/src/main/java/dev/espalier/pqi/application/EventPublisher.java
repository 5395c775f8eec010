// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.event.Event;

/** Where events go. */
public interface EventPublisher {

    /**
     * Returns when the event is safely stored.
     *
     * @param cause id of the event that led to this one
     * @throws PublishingException if that cannot be had
     */
    void publish(Event event, String cause);
}
