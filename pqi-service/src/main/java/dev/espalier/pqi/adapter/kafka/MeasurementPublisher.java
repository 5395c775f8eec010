// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.kafka;

import dev.espalier.pqi.application.EventPublisher;
import dev.espalier.pqi.application.PublishingException;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.transport.events.EventCodec;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.jboss.logging.Logger;

/**
 * Waits for the acknowledgement of the broker. A broker that is away is waited for as long as the
 * service runs: there would be no dead-letter topic either.
 */
@Singleton
final class MeasurementPublisher implements EventPublisher {

    private static final Logger LOGGER = Logger.getLogger(MeasurementPublisher.class);

    private final EventCodec codec;
    private final Emitter<ProducerRecord<String, byte[]>> measurements;
    private final Emitter<ProducerRecord<String, byte[]>> rangeRequests;
    private volatile boolean stopping;

    MeasurementPublisher(
            EventCodec codec,
            @Channel("measurements") Emitter<ProducerRecord<String, byte[]>> measurements,
            @Channel("range-requests") Emitter<ProducerRecord<String, byte[]>> rangeRequests) {
        this.codec = codec;
        this.measurements = measurements;
        this.rangeRequests = rangeRequests;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    @Override
    public void publish(Event event, String cause) {
        var emitter = event instanceof RangeRequested ? rangeRequests : measurements;
        while (true) {
            try {
                emitter.send(codec.write(event, cause)).toCompletableFuture().join();
                return;
            } catch (CompletionException e) {
                if (stopping || !(e.getCause() instanceof RetriableException)) {
                    throw new PublishingException(
                            "cannot publish %s: %s".formatted(event.eventId(), e.getCause()), e);
                }
                LOGGER.warnf(
                        "PQI-102 The broker is away, sending again: event=%s error=%s",
                        event.eventId(), e.getCause().getMessage());
            }
        }
    }
}
