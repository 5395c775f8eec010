// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.event.Event;

/** Tells the other services. */
public interface EventPublisher {

    /** Sends an event that nobody waits for, in order with the others. Does not block. */
    void announce(Event event);

    /**
     * Sends an event on which the run depends, and waits until the broker has it.
     *
     * @throws TryLaterException while the broker is away
     */
    void publish(Event event);
}
