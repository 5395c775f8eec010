// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.kafka;

import dev.espalier.schemas.event.Event;
import dev.espalier.trainer.application.EventPublisher;
import dev.espalier.trainer.application.TryLaterException;
import dev.espalier.transport.events.EventCodec;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Sends every event through one producer, so that they stay in order. */
@Singleton
final class RunEventPublisher implements EventPublisher {

    private static final Logger LOGGER = Logger.getLogger(RunEventPublisher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MutinyEmitter<ProducerRecord<String, byte[]>> emitter;
    private final EventCodec codec;
    private final EventMeters meters;

    /** The buffer is not bounded, but what fills it is: a run waits for each of its snapshots. */
    RunEventPublisher(
            @Channel("events") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
                    MutinyEmitter<ProducerRecord<String, byte[]>> emitter,
            EventCodec codec,
            EventMeters meters) {
        this.emitter = emitter;
        this.codec = codec;
        this.meters = meters;
    }

    @Override
    public void announce(Event event) {
        send(event)
                .subscribe()
                .with(
                        _ -> {},
                        failure ->
                                LOGGER.warnf(
                                        "Event %s was not sent: %s", event.eventId(), failure));
    }

    @Override
    public void publish(Event event) {
        try {
            send(event).await().atMost(PATIENCE);
        } catch (RuntimeException e) {
            throw new TryLaterException(
                    "Kafka did not take the event %s: %s".formatted(event.eventId(), e), e);
        }
    }

    private Uni<Void> send(Event event) {
        return emitter.send(codec.write(event)).invoke(() -> meters.sent(event.type()));
    }
}
