// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.kafka;

import dev.espalier.transport.events.EventCodec;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The codec, with the name that the events of this service carry. */
final class KafkaProducers {

    private KafkaProducers() {}

    @Produces
    @Singleton
    static EventCodec codec() {
        return new EventCodec("/pqi-service", Clock.systemUTC());
    }
}
