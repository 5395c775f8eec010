// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.schemas.ForeignText;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.documents.Schema;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Events as Kafka records: CloudEvents 1.0, binary mode, JSON data. What is read is checked against
 * the schema of its type, then against the meaning that its record knows.
 */
public final class EventCodec {

    /** The size of its data that no event passes, in bytes. */
    public static final int MAX_DATA_BYTES = 256 << 10;

    /** The greatest size of an event with a specification or a policy in bytes. */
    public static final int MAX_WRITTEN_BYTES = 64 << 10;

    /** The greatest size of a policy or a specification, and of the event around it. */
    private static final int MAX_DOCUMENT_EVENT_BYTES = Document.MAX_BYTES + (1 << 10);

    private static final String JSON = "application/json";

    private final String source;
    private final InstantSource clock;
    private final Map<EventType, Schema> schemas = new EnumMap<>(EventType.class);

    /**
     * @param source of the events that are written: the service, such as {@code /pqi-service}
     */
    public EventCodec(String source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        for (EventType type : EventType.values()) {
            schemas.put(type, Schema.of(type.schemaResource()));
        }
    }

    public ProducerRecord<String, byte[]> write(Event event) {
        return write(event, null);
    }

    /**
     * @param cause the id of the event that led to this one
     */
    public ProducerRecord<String, byte[]> write(Event event, @Nullable String cause) {
        EventType type = event.type();
        var record = new ProducerRecord<>(type.topic().topicName(), event.key(), data(event));
        Headers headers = record.headers();
        put(headers, EventHeaders.SPEC_VERSION, "1.0");
        put(headers, EventHeaders.ID, event.eventId());
        put(headers, EventHeaders.SOURCE, source);
        put(headers, EventHeaders.TYPE, type.typeName());
        put(headers, EventHeaders.TIME, clock.instant().toString());
        put(headers, "ce_subject", event.subject());
        put(headers, "ce_dataschema", Schema.uri(type.schemaResource()));
        put(headers, "ce_partitionkey", event.key());
        put(headers, "ce_correlationid", event.correlation());
        if (event instanceof IterationEvent iterated) {
            put(headers, "ce_sequence", String.format(Locale.ROOT, "%06d", iterated.iteration()));
        }
        if (cause != null) {
            put(headers, "ce_causationid", cause);
        }
        put(headers, EventHeaders.CONTENT_TYPE, JSON);
        return record;
    }

    /** The data of an event. An event that would be too large refers to its object for tensors. */
    private static byte[] data(Event event) {
        byte[] data = Json.bytes(event);
        if (data.length <= MAX_DATA_BYTES) {
            return data;
        }
        if (event instanceof CompressibilityMeasured measured) {
            return Json.bytes(measured.withTensorsInObject());
        }
        return event instanceof PruningDecided decided
                ? Json.bytes(decided.withTensorsInObject())
                : data;
    }

    /**
     * Reads an event.
     *
     * @throws MalformedEventException if the record is not a valid event; the message says why
     */
    public Received<Event> read(ConsumerRecord<String, byte[]> record) {
        String where = where(record);
        try {
            return read(record, where);
        } catch (MalformedEventException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new MalformedEventException(
                    "%s: the event cannot be read: %s".formatted(where, e.getMessage()), e);
        }
    }

    /** People write specifications and policies, and every decision repeats the policy. */
    private static void requireSmall(String where, EventType type, byte @Nullable [] value) {
        boolean isWritten = type == EventType.RUN_REQUESTED || type == EventType.POLICY_SELECTED;
        if (isWritten && value != null && value.length > MAX_WRITTEN_BYTES) {
            throw new MalformedEventException(
                    "%s: the event has %,d bytes; a specification or a policy has at most %,d"
                            .formatted(where, value.length, MAX_WRITTEN_BYTES));
        }
    }

    private Received<Event> read(ConsumerRecord<String, byte[]> record, String where) {
        var headers = new EventHeaders(record, where);
        String typeName = headers.type();
        EventType type =
                EventType.named(typeName)
                        .orElseThrow(
                                () ->
                                        new MalformedEventException(
                                                "%s: unknown event type '%s'"
                                                        .formatted(
                                                                where,
                                                                ForeignText.escaped(typeName))));
        if (!type.topic().topicName().equals(record.topic())) {
            throw new MalformedEventException(
                    "%s: a '%s' belongs on %s"
                            .formatted(where, typeName, type.topic().topicName()));
        }
        headers.requireVersion();
        headers.requireJson();
        headers.requireTime();
        String id = headers.id();
        String eventSource = headers.source();
        requireSmall(where, type, record.value());
        Event event = parse(where, type, record.value());
        if (!event.key().equals(record.key())) {
            throw new MalformedEventException(
                    "%s: the key is '%s', the event is of '%s'"
                            .formatted(
                                    where,
                                    ForeignText.escaped(String.valueOf(record.key())),
                                    event.key()));
        }
        if (!event.eventId().equals(id)) {
            throw new MalformedEventException(
                    "%s: ce_id is '%s', not %s"
                            .formatted(where, ForeignText.escaped(id), event.eventId()));
        }
        return new Received<>(event, id, eventSource);
    }

    private static String where(ConsumerRecord<String, byte[]> record) {
        return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    }

    /**
     * Reads an event of one type.
     *
     * @throws MalformedEventException also if the event is of another type
     */
    public <E extends Event> Received<E> read(
            ConsumerRecord<String, byte[]> record, Class<E> wanted) {
        Received<Event> received = read(record);
        if (!wanted.isInstance(received.event())) {
            throw new MalformedEventException(
                    "%s: a %s is wanted, this is a %s"
                            .formatted(
                                    where(record),
                                    wanted.getSimpleName(),
                                    received.event().getClass().getSimpleName()));
        }
        return new Received<>(wanted.cast(received.event()), received.id(), received.source());
    }

    private Event parse(String where, EventType type, byte @Nullable [] data) {
        if (data == null || data.length == 0) {
            throw new MalformedEventException("%s: the event has no data".formatted(where));
        }
        if ((type == EventType.RUN_REQUESTED || type == EventType.POLICY_SELECTED)
                && data.length > MAX_DOCUMENT_EVENT_BYTES) {
            throw new MalformedEventException(
                    "%s: the data has %d bytes, a %s at most %d"
                            .formatted(
                                    where, data.length, type.typeName(), MAX_DOCUMENT_EVENT_BYTES));
        }
        JsonNode tree;
        try {
            tree = Json.tree(data);
        } catch (InvalidDocumentException e) {
            throw new MalformedEventException(
                    "%s: the data is not JSON: %s".formatted(where, e.getMessage()), e);
        }
        Json.notFinite(tree)
                .ifPresent(
                        error -> {
                            throw new MalformedEventException("%s: %s".formatted(where, error));
                        });
        schemaOf(type)
                .check(tree)
                .ifPresent(
                        error -> {
                            throw new MalformedEventException(
                                    "%s: the data breaks the schema of %s: %s"
                                            .formatted(where, type.typeName(), error));
                        });
        try {
            return Json.read(tree, type.record());
        } catch (InvalidDocumentException e) {
            throw new MalformedEventException(
                    "%s: the data is not a valid %s: %s"
                            .formatted(where, type.typeName(), e.getMessage()),
                    e);
        }
    }

    private Schema schemaOf(EventType type) {
        return Objects.requireNonNull(schemas.get(type), "every type has a schema");
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
