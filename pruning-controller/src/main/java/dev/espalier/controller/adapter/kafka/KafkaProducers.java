// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.transport.events.EventCodec;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Makes the beans that the Kafka adapter needs. */
@Dependent
final class KafkaProducers {

    private static final String SOURCE = "/pruning-controller";

    @Produces
    @Singleton
    static EventCodec eventCodec() {
        return new EventCodec(SOURCE, Clock.systemUTC());
    }
}
