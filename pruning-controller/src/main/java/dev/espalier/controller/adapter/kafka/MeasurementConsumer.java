// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.controller.application.DecisionObserver;
import dev.espalier.controller.application.DecisionObserver.EventOutcome;
import dev.espalier.controller.application.decision.Decided;
import dev.espalier.controller.application.decision.GaveUpException;
import dev.espalier.controller.application.decision.RetryingDecision;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Measurements in, one after the other, decided on a thread of its own. A message that is not
 * through when the process stops is neither acknowledged nor refused, so it comes again.
 */
@Singleton
final class MeasurementConsumer {

    private static final Logger LOGGER = Logger.getLogger(MeasurementConsumer.class);
    private static final String UNKNOWN_TYPE = "unknown";

    private final EventCodec codec;
    private final RetryingDecision decide;
    private final DecisionObserver observer;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("decide").daemon().factory());

    MeasurementConsumer(EventCodec codec, RetryingDecision decide, DecisionObserver observer) {
        this.codec = codec;
        this.decide = decide;
        this.observer = observer;
    }

    @Incoming("measurements")
    CompletionStage<Void> take(Message<ConsumerRecord<String, byte[]>> message) {
        var through = new CompletableFuture<Void>();
        thread.execute(() -> handle(message, through));
        return through;
    }

    void onStop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    private void handle(
            Message<ConsumerRecord<String, byte[]>> message, CompletableFuture<Void> through) {
        RuntimeException refusal;
        try {
            refusal = refusal(message.getPayload());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOGGER.info("Stopped; the measurement in work will come again");
            return;
        }
        CompletionStage<Void> settled = refusal == null ? message.ack() : message.nack(refusal);
        var _ =
                settled.whenComplete(
                        (nothing, failure) -> {
                            if (failure == null) {
                                through.complete(null);
                            } else {
                                through.completeExceptionally(failure);
                            }
                        });
    }

    /** Why the message belongs to the dead letters; null if it does not. */
    private @Nullable RuntimeException refusal(ConsumerRecord<String, byte[]> record)
            throws InterruptedException {
        String type = UNKNOWN_TYPE;
        try {
            Received<Event> received = codec.read(record);
            type = received.event().type().typeName();
            Decided decided = decide.decide(iteration(received.event()), received.id());
            if (decided.first()) {
                observer.decided(decided.decision().verdict());
            }
            if (decided.deadLetter() == null) {
                observer.event(
                        type, decided.first() ? EventOutcome.PROCESSED : EventOutcome.DUPLICATE);
                return null;
            }
            observer.event(type, EventOutcome.DEAD_LETTERED);
            return new IllegalStateException(decided.deadLetter());
        } catch (MalformedEventException | GaveUpException e) {
            observer.event(type, EventOutcome.DEAD_LETTERED);
            LOGGER.warnf("No decision: runId=%s error=%s", record.key(), e.getMessage());
            return e;
        } catch (RuntimeException e) {
            observer.event(type, EventOutcome.DEAD_LETTERED);
            LOGGER.errorf(e, "No decision: runId=%s error=%s", record.key(), e.getMessage());
            return e;
        }
    }

    private static IterationEvent iteration(Event event) {
        if (event instanceof CompressibilityMeasured || event instanceof MeasurementFailed) {
            return (IterationEvent) event;
        }
        throw new MalformedEventException("nothing is decided on %s".formatted(event.eventId()));
    }
}
