// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.PolicyCheck;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a policy has to be: of its schema, of a meaning, and with expressions that work. */
@Singleton
final class PolicyReading {

    private final EventCodec codec;
    private final Formulas formulas;

    PolicyReading(EventCodec codec, Formulas formulas) {
        this.codec = codec;
        this.formulas = formulas;
    }

    /**
     * @throws MalformedEventException if it is no policy; the message says why
     */
    Received<PolicySelected> read(ConsumerRecord<String, byte[]> record) {
        Received<PolicySelected> selected = codec.read(record, PolicySelected.class);
        requireUsable(selected.event());
        return selected;
    }

    /**
     * @throws MalformedEventException likewise
     */
    void requireUsable(PolicySelected selected) {
        try {
            PolicyCheck.require(selected.policy(), formulas);
        } catch (PolicyNotApplicableException e) {
            throw new MalformedEventException(String.valueOf(e.getMessage()), e);
        }
    }
}
