// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import dev.espalier.schemas.event.PruningDecided;

/** Where decisions are announced. */
public interface EventPublisher {

    /**
     * Returns when the event is safe.
     *
     * @param cause the id of the event that led to it
     * @throws BrokerUnavailableException where trying again may help
     */
    void publish(PruningDecided decision, String cause);
}
