// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.kafka;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.trainer.application.run.TrainRuns;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes in what runs should be. A message that is no such event goes to the dead letters. */
@Singleton
final class RunsConsumer {

    private static final Logger LOGGER = Logger.getLogger(RunsConsumer.class);

    private final EventCodec codec;
    private final TrainRuns runs;
    private final RunsAssignment assignment;
    private final EventMeters meters;

    RunsConsumer(
            EventCodec codec,
            TrainRuns runs,
            @Identifier("runs") RunsAssignment assignment,
            EventMeters meters) {
        this.codec = codec;
        this.runs = runs;
        this.assignment = assignment;
        this.meters = meters;
    }

    @Incoming("runs")
    @Blocking
    void consume(ConsumerRecord<String, byte[]> message) {
        if (message.value() == null) {
            runs.deleted(new RunId(message.key()));
            return;
        }
        try {
            RunRequested request = codec.read(message, RunRequested.class).event();
            runs.requested(request, message.partition());
            meters.processed(EventType.RUN_REQUESTED);
        } catch (MalformedEventException e) {
            if (assignment.wasSeenBefore(message)) {
                LOGGER.debugf("Malformed message, known: %s", e.getMessage());
                return;
            }
            LOGGER.warnf("Malformed message, to the dead letters: %s", e.getMessage());
            meters.deadLettered();
            throw e;
        }
    }
}
