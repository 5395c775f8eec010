// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.kafka;

import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.trainer.application.run.TrainRuns;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes in decisions. One that gets lost comes again, when its snapshot is published again. */
@Singleton
final class DecisionsConsumer {

    private static final Logger LOGGER = Logger.getLogger(DecisionsConsumer.class);

    private final EventCodec codec;
    private final TrainRuns runs;
    private final EventMeters meters;

    DecisionsConsumer(EventCodec codec, TrainRuns runs, EventMeters meters) {
        this.codec = codec;
        this.runs = runs;
        this.meters = meters;
    }

    @Incoming("decisions")
    @Blocking
    void consume(ConsumerRecord<String, byte[]> message) {
        try {
            runs.decided(codec.read(message, PruningDecided.class).event());
            meters.processed(EventType.PRUNING_DECIDED);
        } catch (MalformedEventException e) {
            LOGGER.warnf("Malformed message, to the dead letters: %s", e.getMessage());
            meters.deadLettered();
            throw e;
        }
    }
}
