// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.schemas.event.Event;
import org.jspecify.annotations.Nullable;

/** Publishes events through a {@link PatientSender}. */
public final class KafkaEventPublisher implements EventPublisher {

    private final EventCodec codec;
    private final PatientSender sender;

    public KafkaEventPublisher(EventCodec codec, PatientSender sender) {
        this.codec = codec;
        this.sender = sender;
    }

    @Override
    public void publish(Event event, @Nullable String cause) {
        sender.send(codec.write(event, cause));
    }
}
