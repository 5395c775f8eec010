// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.kafka;

import dev.espalier.schemas.event.EventType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts events by type and by what became of them. */
@Singleton
final class EventMeters {

    private static final String EVENTS = "espalier.events";

    private final MeterRegistry registry;

    EventMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void sent(EventType type) {
        count(type.typeName(), "published");
    }

    void processed(EventType type) {
        count(type.typeName(), "processed");
    }

    /** A message that is no event: its type cannot be trusted to be one of ours. */
    void deadLettered() {
        count("unknown", "dead-lettered");
    }

    private void count(String type, String outcome) {
        registry.counter(EVENTS, "type", type, "outcome", outcome).increment();
    }
}
