// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.meters;

import dev.espalier.schemas.event.EventType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;

/** Counts the records that a service takes and the events that it publishes. */
public final class EventMeters {

    private static final String UNKNOWN = "unknown";

    private final MeterRegistry registry;

    /**
     * Registers all counters with the value 0.
     *
     * @param taken the types that the consumers of the service take
     * @param published the types that the service publishes; may be empty
     */
    public EventMeters(MeterRegistry registry, Set<EventType> taken, Set<EventType> published) {
        this.registry = registry;
        for (EventOutcome outcome : EventOutcome.values()) {
            taken.forEach(type -> records(type.typeName(), outcome));
        }
        records(UNKNOWN, EventOutcome.DEAD_LETTERED);
        published.forEach(this::events);
    }

    public void taken(EventType type, EventOutcome outcome) {
        records(type.typeName(), outcome).increment();
    }

    /** A record that is not a valid event went to the dead-letter topic. */
    public void malformed() {
        records(UNKNOWN, EventOutcome.DEAD_LETTERED).increment();
    }

    public void published(EventType type) {
        events(type).increment();
    }

    private Counter records(String type, EventOutcome outcome) {
        return Counter.builder("espalier.events")
                .description(
                        "Records that this service took from its topics, by event type and by what became of them; the type is unknown if the record is not a valid event")
                .tag("type", type)
                .tag("outcome", outcome.label())
                .register(registry);
    }

    private Counter events(EventType type) {
        return Counter.builder("espalier.events.published")
                .description("Events that this service published, by event type")
                .tag("type", type.typeName())
                .register(registry);
    }
}
