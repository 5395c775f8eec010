// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.kafka;

import dev.espalier.transport.events.EventCodec;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** How events are written and read. */
@Dependent
final class KafkaProducers {

    private static final String SOURCE = "/trainer-service";

    @Produces
    @Singleton
    static EventCodec codec(Clock clock) {
        return new EventCodec(SOURCE, clock);
    }
}
