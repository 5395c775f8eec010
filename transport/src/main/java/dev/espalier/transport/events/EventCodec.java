// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.documents.Schema;
import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Events as Kafka records: CloudEvents 1.0, binary mode, JSON data. What is read is checked against
 * the schema of its type, then against the meaning that its record knows.
 */
public final class EventCodec {

    private static final String ID = "ce_id";
    private static final String SOURCE = "ce_source";
    private static final String SPEC_VERSION = "ce_specversion";
    private static final String TYPE = "ce_type";
    private static final String JSON = "application/json";

    private final String source;
    private final InstantSource clock;
    private final ObjectMapper mapper = Json.mapper();
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
        var record = new ProducerRecord<>(type.topic().topicName(), event.key(), Json.bytes(event));
        Headers headers = record.headers();
        put(headers, SPEC_VERSION, "1.0");
        put(headers, ID, event.eventId());
        put(headers, SOURCE, source);
        put(headers, TYPE, type.typeName());
        put(headers, "ce_time", clock.instant().toString());
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
        put(headers, "content-type", JSON);
        return record;
    }

    /**
     * @throws MalformedEventException if the record is no valid event; the message says why
     */
    public Received<Event> read(ConsumerRecord<String, byte[]> record) {
        String where = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
        Headers headers = record.headers();
        String typeName = required(headers, TYPE, where);
        EventType type =
                EventType.named(typeName)
                        .orElseThrow(
                                () ->
                                        new MalformedEventException(
                                                "%s: unknown event type '%s'"
                                                        .formatted(where, typeName)));
        if (!type.topic().topicName().equals(record.topic())) {
            throw new MalformedEventException(
                    "%s: a '%s' belongs on %s"
                            .formatted(where, typeName, type.topic().topicName()));
        }
        String version = required(headers, SPEC_VERSION, where);
        if (!version.equals("1.0")) {
            throw new MalformedEventException(
                    "%s: ce_specversion is '%s', not 1.0".formatted(where, version));
        }
        String id = required(headers, ID, where);
        String eventSource = required(headers, SOURCE, where);
        Event event = parse(where, type, record.value());
        if (!event.key().equals(record.key())) {
            throw new MalformedEventException(
                    "%s: the key is '%s', the event is of '%s'"
                            .formatted(where, record.key(), event.key()));
        }
        return new Received<>(event, id, eventSource);
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
                    "%s-%d@%d: a %s is wanted, this is a %s"
                            .formatted(
                                    record.topic(),
                                    record.partition(),
                                    record.offset(),
                                    wanted.getSimpleName(),
                                    received.event().getClass().getSimpleName()));
        }
        return new Received<>(wanted.cast(received.event()), received.id(), received.source());
    }

    private Event parse(String where, EventType type, byte @Nullable [] data) {
        if (data == null || data.length == 0) {
            throw new MalformedEventException("%s: the event has no data".formatted(where));
        }
        JsonNode tree;
        try {
            tree = mapper.readTree(data);
        } catch (IOException e) {
            throw new MalformedEventException(
                    "%s: the data is no JSON: %s".formatted(where, e.getMessage()), e);
        }
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
                    "%s: the data is no valid %s: %s"
                            .formatted(where, type.typeName(), e.getMessage()),
                    e);
        }
    }

    private Schema schemaOf(EventType type) {
        return Objects.requireNonNull(schemas.get(type), "every type has a schema");
    }

    private static String required(Headers headers, String name, String where) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new MalformedEventException(
                    "%s: the header %s is missing\nMaybe the event was sent in structured mode; binary mode is wanted"
                            .formatted(where, name));
        }
        return new String(header.value(), UTF_8);
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
