// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.controller.application.BrokerUnavailableException;
import dev.espalier.controller.application.EventPublisher;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.transport.events.EventCodec;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;

/** Decisions on {@code espalier.decisions}. */
@Singleton
final class DecisionPublisher implements EventPublisher {

    private final MutinyEmitter<ProducerRecord<String, byte[]>> emitter;
    private final EventCodec codec;

    DecisionPublisher(
            @Channel("decisions") MutinyEmitter<ProducerRecord<String, byte[]>> emitter,
            EventCodec codec) {
        this.emitter = emitter;
        this.codec = codec;
    }

    @Override
    public void publish(PruningDecided decision, String cause) {
        try {
            emitter.sendAndAwait(codec.write(decision, cause));
        } catch (RuntimeException e) {
            throw new BrokerUnavailableException(
                    "cannot publish %s: %s".formatted(decision.eventId(), e.getMessage()), e);
        }
    }
}
