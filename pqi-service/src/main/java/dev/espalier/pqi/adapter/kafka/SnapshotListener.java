// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.kafka;

import dev.espalier.pqi.application.EventPublisher;
import dev.espalier.pqi.application.MeasureSnapshot;
import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.pqi.application.Meters;
import dev.espalier.pqi.application.PublishingException;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.objects.StoreUnavailableException;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * One snapshot after the other. A record is acknowledged when its event is out; what can never be
 * measured goes to the dead letters, and an event says so; a record that a stopping service could
 * not finish is left alone, and comes again.
 */
@Singleton
final class SnapshotListener {

    private static final Logger LOGGER = Logger.getLogger(SnapshotListener.class);
    private static final String TYPE = EventType.SNAPSHOT_PUBLISHED.typeName();

    private final EventCodec codec;
    private final MeasureSnapshot measureSnapshot;
    private final EventPublisher publisher;
    private final Meters meters;
    private volatile boolean stopping;

    SnapshotListener(
            EventCodec codec,
            MeasureSnapshot measureSnapshot,
            EventPublisher publisher,
            Meters meters) {
        this.codec = codec;
        this.measureSnapshot = measureSnapshot;
        this.publisher = publisher;
        this.meters = meters;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    @Incoming("snapshots")
    @Blocking
    CompletionStage<Void> onRecord(Message<byte[]> message) {
        ConsumerRecord<String, byte[]> record = record(message);
        Received<SnapshotPublished> received;
        try {
            received = codec.read(record, SnapshotPublished.class);
        } catch (MalformedEventException e) {
            LOGGER.warnf(
                    "PQI-201 No snapshot event, goes to the dead letters: error=%s",
                    e.getMessage());
            meters.handled("unknown", Meters.Handling.DEAD_LETTERED);
            return message.nack(e);
        }
        if (stopping()) {
            return left(received.event());
        }
        long start = System.nanoTime();
        try {
            return switch (measureSnapshot.measure(received.event())) {
                case MeasurementOutcome.Measured measured ->
                        succeed(message, received, measured, start);
                case MeasurementOutcome.Failed failed -> fail(message, received, failed, start);
            };
        } catch (StoreUnavailableException e) {
            return stopping()
                    ? left(received.event())
                    : fail(message, received, measureSnapshot.givenUp(received.event(), e), start);
        } catch (RuntimeException e) {
            // The message boundary: whatever it is, the run must hear of it.
            return stopping()
                    ? left(received.event())
                    : fail(message, received, measureSnapshot.broken(received.event(), e), start);
        }
    }

    private CompletionStage<Void> succeed(
            Message<byte[]> message,
            Received<SnapshotPublished> received,
            MeasurementOutcome.Measured measured,
            long start) {
        publisher.publish(measured.event(), received.id());
        Duration time = since(start);
        boolean repeated = measured.repeated();
        meters.measured(repeated ? Meters.Ending.REPEATED : Meters.Ending.MEASURED, time);
        meters.handled(TYPE, repeated ? Meters.Handling.DUPLICATE : Meters.Handling.PROCESSED);
        LOGGER.infof(
                "%s in %d ms: runId=%s iteration=%d active=%d of=%d artifact=%s",
                repeated ? "Measured before, published again" : "Measured",
                time.toMillis(),
                measured.event().runId(),
                measured.event().iteration(),
                measured.event().global().active(),
                measured.event().total(),
                measured.event().measurement().uri());
        return message.ack();
    }

    private CompletionStage<Void> fail(
            Message<byte[]> message,
            Received<SnapshotPublished> received,
            MeasurementOutcome.Failed failed,
            long start) {
        SnapshotPublished snapshot = received.event();
        LOGGER.warnf(
                failed.isExpected() ? null : failed.cause(),
                "PQI-202 Cannot be measured, goes to the dead letters: runId=%s iteration=%d reason=%s error=%s",
                snapshot.runId(),
                snapshot.iteration(),
                failed.event().reason().code(),
                failed.event().reason().message());
        try {
            publisher.publish(failed.event(), received.id());
        } catch (PublishingException e) {
            if (stopping()) {
                return left(snapshot);
            }
            LOGGER.errorf(
                    e,
                    "PQI-301 The run does not hear of it: runId=%s iteration=%d",
                    snapshot.runId(),
                    snapshot.iteration());
        }
        meters.measured(Meters.Ending.FAILED, since(start));
        meters.handled(TYPE, Meters.Handling.DEAD_LETTERED);
        return message.nack(failed.cause());
    }

    /** Neither acknowledged nor a dead letter: the record comes again after the next start. */
    private static CompletionStage<Void> left(SnapshotPublished snapshot) {
        LOGGER.infof(
                "Stopping, the snapshot is left for the next start: runId=%s iteration=%d",
                snapshot.runId(), snapshot.iteration());
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
                                                "the connector of the channel 'snapshots' is not Kafka"));
        return metadata.getRecord();
    }
}
