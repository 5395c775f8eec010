// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.schemas.ForeignText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The headers of a record, checked as the protocol documents them. */
final class EventHeaders {

    static final String ID = "ce_id";
    static final String SOURCE = "ce_source";
    static final String SPEC_VERSION = "ce_specversion";
    static final String TYPE = "ce_type";
    static final String TIME = "ce_time";
    static final String CONTENT_TYPE = "content-type";

    private static final int MOST_BYTES = 1024;
    private static final Pattern JSON =
            Pattern.compile("application/json(\\s*;.*)?", Pattern.CASE_INSENSITIVE);

    private final ConsumerRecord<String, byte[]> record;
    private final String where;

    EventHeaders(ConsumerRecord<String, byte[]> record, String where) {
        this.record = record;
        this.where = where;
    }

    String type() {
        return required(TYPE);
    }

    String id() {
        return required(ID);
    }

    String source() {
        String source = required(SOURCE);
        try {
            var _ = new URI(source);
        } catch (URISyntaxException e) {
            throw bad(SOURCE, source, "a URI reference such as /my-trainer");
        }
        return source;
    }

    void requireVersion() {
        String version = required(SPEC_VERSION);
        if (!version.equals("1.0")) {
            throw bad(SPEC_VERSION, version, "1.0");
        }
    }

    void requireJson() {
        String type = required(CONTENT_TYPE);
        if (!JSON.matcher(type).matches()) {
            throw bad(CONTENT_TYPE, type, "application/json");
        }
    }

    /** The time is recommended, so it may be absent. */
    void requireTime() {
        String time = value(TIME);
        if (time == null) {
            return;
        }
        try {
            var _ = OffsetDateTime.parse(time.toUpperCase(Locale.ROOT));
        } catch (DateTimeParseException e) {
            throw bad(TIME, time, "a time such as 2026-11-20T09:30:00Z (RFC 3339)");
        }
    }

    private String required(String name) {
        String value = value(name);
        if (value == null) {
            throw new MalformedEventException(
                    "%s: the header %s is missing\nTry: send the event in binary mode, with its attributes in headers"
                            .formatted(where, name));
        }
        if (value.isBlank()) {
            throw bad(name, value, "a text");
        }
        return value;
    }

    private @Nullable String value(String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            return null;
        }
        if (header.value().length > MOST_BYTES) {
            throw new MalformedEventException(
                    "%s: the header %s has %d bytes, more than %d"
                            .formatted(where, name, header.value().length, MOST_BYTES));
        }
        return new String(header.value(), UTF_8);
    }

    private MalformedEventException bad(String name, String value, String allowed) {
        return new MalformedEventException(
                "%s: %s is '%s', not %s"
                        .formatted(where, name, ForeignText.escaped(value), allowed));
    }
}
