// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.controller.application.Tally;
import dev.espalier.controller.application.Tally.EventOutcome;
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
final class PolicyValidator {

    private static final Logger LOGGER = Logger.getLogger(PolicyValidator.class);
    private static final String TYPE = EventType.POLICY_SELECTED.typeName();

    private final PolicyReading reading;
    private final PolicyAnswers answers;
    private final Tally tally;

    PolicyValidator(PolicyReading reading, PolicyAnswers answers, Tally tally) {
        this.reading = reading;
        this.answers = answers;
        this.tally = tally;
    }

    @Incoming("policies")
    CompletionStage<Void> validate(Message<ConsumerRecord<String, byte[]>> message) {
        ConsumerRecord<String, byte[]> record = message.getPayload();
        if (record.value() == null) {
            LOGGER.infof("The policy is deselected: target=%s", record.key());
            return answers.forget(record.key()).thenCompose(nothing -> message.ack());
        }
        try {
            Received<PolicySelected> selected = reading.read(record);
            tally.policySelected(true);
            tally.event(TYPE, EventOutcome.PROCESSED);
            LOGGER.infof(
                    "A policy is selected: target=%s policy=%s %s",
                    selected.event().target(),
                    PolicyVersion.of(selected.event().policy()),
                    selected.event().policy().name());
            return answers.accept(record, selected).thenCompose(nothing -> message.ack());
        } catch (MalformedEventException e) {
            String why = String.valueOf(e.getMessage());
            tally.policySelected(false);
            tally.event(TYPE, EventOutcome.DEAD_LETTERED);
            LOGGER.warnf("A policy is refused: target=%s error=%s", record.key(), why);
            return answers.refuse(record, why).thenCompose(nothing -> message.nack(e));
        }
    }
}
