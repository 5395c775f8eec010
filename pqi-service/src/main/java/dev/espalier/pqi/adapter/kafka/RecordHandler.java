// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.kafka;

import dev.espalier.pqi.application.EventPublisher;
import dev.espalier.pqi.application.Failures;
import dev.espalier.pqi.application.MeasurementObserver;
import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.pqi.application.PublishingException;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.objects.StoreUnavailableException;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * What is done with every record. It is acknowledged when what came of it is stored and its events
 * are out; what can never be measured goes to the dead letters, and an event says so; a record that
 * a stopping service could not finish is left alone, and comes again.
 */
@Singleton
final class RecordHandler {

    private static final Logger LOGGER = Logger.getLogger(RecordHandler.class);

    private final EventCodec codec;
    private final EventPublisher publisher;
    private final MeasurementObserver observer;
    private volatile boolean stopping;

    RecordHandler(EventCodec codec, EventPublisher publisher, MeasurementObserver observer) {
        this.codec = codec;
        this.publisher = publisher;
        this.observer = observer;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    <E extends IterationEvent> CompletionStage<Void> handle(
            Message<byte[]> message, Class<E> type, Work<E> work) {
        Received<E> received;
        try {
            received = codec.read(record(message), type);
        } catch (MalformedEventException e) {
            LOGGER.warnf(
                    "PQI-201 No %s, goes to the dead letters: error=%s",
                    type.getSimpleName(), e.getMessage());
            observer.handled("unknown", MeasurementObserver.Handling.DEAD_LETTERED);
            return message.nack(e);
        }
        if (stopping()) {
            return left(received.event());
        }
        long start = System.nanoTime();
        try {
            return switch (work.measure(received.event())) {
                case MeasurementOutcome.Measured measured ->
                        succeed(message, received, work, measured, start);
                case MeasurementOutcome.Cut cut -> share(message, received, cut);
                case MeasurementOutcome.Partial partial -> goOn(message, received, partial, start);
                case MeasurementOutcome.Failed failed -> fail(message, received, failed, start);
            };
        } catch (StoreUnavailableException e) {
            return stopping()
                    ? left(received.event())
                    : fail(
                            message,
                            received,
                            Failures.givenUp(work.snapshot(received.event()), e),
                            start);
        } catch (RuntimeException e) {
            // The message boundary: whatever it is, the run must hear of it.
            return stopping()
                    ? left(received.event())
                    : fail(
                            message,
                            received,
                            Failures.broken(work.snapshot(received.event()), e),
                            start);
        }
    }

    private <E extends IterationEvent> CompletionStage<Void> succeed(
            Message<byte[]> message,
            Received<E> received,
            Work<E> work,
            MeasurementOutcome.Measured measured,
            long start) {
        publisher.publish(measured.event(), received.id());
        Duration time = since(start);
        boolean repeated = measured.repeated();
        observer.measured(
                repeated
                        ? MeasurementObserver.Ending.REPEATED
                        : MeasurementObserver.Ending.MEASURED,
                time);
        handled(received, repeated);
        LOGGER.infof(
                "%s in %d ms: runId=%s iteration=%d active=%d of=%d artifact=%s",
                repeated ? "Measured before, published again" : "Measured",
                time.toMillis(),
                measured.event().runId(),
                measured.event().iteration(),
                measured.event().global().active(),
                measured.event().total(),
                measured.event().measurement().uri());
        try {
            work.published(received.event());
        } catch (StoreUnavailableException e) {
            LOGGER.warnf(
                    "PQI-103 What is not needed any more stays in the store: event=%s error=%s",
                    received.id(), e.getMessage());
        }
        return message.ack();
    }

    private <E extends IterationEvent> CompletionStage<Void> share(
            Message<byte[]> message, Received<E> received, MeasurementOutcome.Cut cut) {
        cut.requests().forEach(request -> publisher.publish(request, received.id()));
        handled(received, false);
        LOGGER.infof(
                "Cut into %d ranges for all replicas: runId=%s iteration=%d",
                cut.requests().getFirst().ranges(),
                received.event().runId(),
                received.event().iteration());
        return message.ack();
    }

    private <E extends IterationEvent> CompletionStage<Void> goOn(
            Message<byte[]> message,
            Received<E> received,
            MeasurementOutcome.Partial partial,
            long start) {
        Duration time = since(start);
        if (!partial.repeated()) {
            observer.measured(MeasurementObserver.Ending.RANGE, time);
        }
        handled(received, partial.repeated());
        LOGGER.infof(
                "%s in %d ms: event=%s",
                partial.repeated() ? "Stored before" : "Stored", time.toMillis(), received.id());
        return message.ack();
    }

    private <E extends IterationEvent> CompletionStage<Void> fail(
            Message<byte[]> message,
            Received<E> received,
            MeasurementOutcome.Failed failed,
            long start) {
        LOGGER.warnf(
                failed.isExpected() ? null : failed.cause(),
                "PQI-202 Cannot be measured, goes to the dead letters: event=%s reason=%s error=%s",
                received.id(),
                failed.event().reason().code(),
                failed.event().reason().message());
        try {
            publisher.publish(failed.event(), received.id());
        } catch (PublishingException e) {
            if (stopping()) {
                return left(received.event());
            }
            LOGGER.errorf(e, "PQI-301 The run does not hear of it: event=%s", received.id());
        }
        observer.measured(MeasurementObserver.Ending.FAILED, since(start));
        observer.handled(
                received.event().type().typeName(), MeasurementObserver.Handling.DEAD_LETTERED);
        return message.nack(failed.cause());
    }

    private void handled(Received<? extends IterationEvent> received, boolean repeated) {
        observer.handled(
                received.event().type().typeName(),
                repeated
                        ? MeasurementObserver.Handling.DUPLICATE
                        : MeasurementObserver.Handling.PROCESSED);
    }

    /** Neither acknowledged nor a dead letter: the record comes again after the next start. */
    private static CompletionStage<Void> left(IterationEvent event) {
        LOGGER.infof("Stopping, left for the next start: event=%s", event.eventId());
        return CompletableFuture.completedFuture(null);
    }

    private boolean stopping() {
        return stopping || Thread.currentThread().isInterrupted();
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<String, byte[]> record(Message<byte[]> message) {
        IncomingKafkaRecordMetadata<String, byte[]> metadata =
                message.getMetadata(IncomingKafkaRecordMetadata.class)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "the connector of the channel is not Kafka"));
        return metadata.getRecord();
    }
}
