// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.controller.application.DecisionObserver;
import dev.espalier.controller.application.DecisionObserver.EventOutcome;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.transport.documents.PolicyVersion;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Answers every policy, and sends those that are none to the dead letters with the reason. Every
 * process holds the policies in its {@link PoliciesView}; this consumer is of a group, so that it
 * is done once.
 */
@Singleton
final class PolicyConsumer {

    private static final Logger LOGGER = Logger.getLogger(PolicyConsumer.class);
    private static final String TYPE = EventType.POLICY_SELECTED.typeName();

    private final PolicyReading reading;
    private final PolicyStatusPublisher publisher;
    private final DecisionObserver observer;

    PolicyConsumer(
            PolicyReading reading, PolicyStatusPublisher publisher, DecisionObserver observer) {
        this.reading = reading;
        this.publisher = publisher;
        this.observer = observer;
    }

    @Incoming("policies")
    CompletionStage<Void> validate(Message<ConsumerRecord<String, byte[]>> message) {
        ConsumerRecord<String, byte[]> record = message.getPayload();
        if (record.value() == null) {
            LOGGER.infof("The policy is deselected: target=%s", record.key());
            return publisher.forget(record.key()).thenCompose(nothing -> message.ack());
        }
        try {
            Received<PolicySelected> selected = reading.read(record);
            observer.policySelected(true);
            observer.event(TYPE, EventOutcome.PROCESSED);
            LOGGER.infof(
                    "A policy is selected: target=%s policy=%s %s",
                    selected.event().target(),
                    PolicyVersion.of(selected.event().policy()),
                    selected.event().policy().name());
            return publisher.accept(record, selected).thenCompose(nothing -> message.ack());
        } catch (MalformedEventException e) {
            String why = String.valueOf(e.getMessage());
            observer.policySelected(false);
            observer.event(TYPE, EventOutcome.DEAD_LETTERED);
            LOGGER.warnf("A policy is refused: target=%s error=%s", record.key(), why);
            return publisher.refuse(record, why).thenCompose(nothing -> message.nack(e));
        }
    }
}
