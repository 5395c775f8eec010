// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.transport.events.PatientSender;
import dev.espalier.transport.events.PublishingException;
import dev.espalier.transport.failure.Failure;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes records that could not be processed to the dead-letter topic of their topic, with the
 * original key, value and headers, and the reason in further headers. One service writes the dead
 * letters of a topic.
 */
public final class DeadLetters {

    /** What all headers of a dead letter begin with. */
    public static final String PREFIX = "dead-letter-";

    /** Why, for people: at most 1 KiB. */
    public static final String REASON = PREFIX + "reason";

    /** Why, for programs: lower-case words joined by hyphens. */
    public static final String CODE = PREFIX + "code";

    public static final String TOPIC = PREFIX + "topic";
    public static final String PARTITION = PREFIX + "partition";
    public static final String OFFSET = PREFIX + "offset";

    /** What was left out of a record that does not fit. */
    public static final String OMITTED = PREFIX + "omitted";

    private static final String SUFFIX = ".dlq";

    private final PatientSender sender;

    public DeadLetters(PatientSender sender) {
        this.sender = sender;
    }

    /** How much of the record the dead letter keeps. */
    private enum Extent {
        WHOLE(null),
        WITHOUT_VALUE("value"),
        WITHOUT_HEADERS("value, headers"),
        WITHOUT_KEY("value, headers, key");

        private final @Nullable String omitted;

        Extent(@Nullable String omitted) {
            this.omitted = omitted;
        }
    }

    /**
     * Writes a dead letter, and returns when the broker has acknowledged it. A record that does not
     * fit is written without its value, then without its headers and key too.
     *
     * @throws PublishingException if even that cannot be written
     */
    public void write(ConsumerRecord<String, byte[]> record, Failure failure) {
        PublishingException refusal = null;
        for (Extent extent : Extent.values()) {
            try {
                sender.send(letter(record, failure, extent));
                return;
            } catch (PublishingException e) {
                refusal = e;
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private static ProducerRecord<String, byte[]> letter(
            ConsumerRecord<String, byte[]> record, Failure failure, Extent extent) {
        var letter =
                new ProducerRecord<String, byte[]>(
                        record.topic() + SUFFIX,
                        extent == Extent.WITHOUT_KEY ? null : record.key(),
                        extent == Extent.WHOLE ? record.value() : null);
        Headers headers = letter.headers();
        if (extent.compareTo(Extent.WITHOUT_VALUE) <= 0) {
            for (Header header : record.headers()) {
                if (!header.key().startsWith(PREFIX)) {
                    headers.add(header);
                }
            }
        }
        put(headers, REASON, failure.message());
        put(headers, CODE, failure.code());
        put(headers, TOPIC, record.topic());
        put(headers, PARTITION, Integer.toString(record.partition()));
        put(headers, OFFSET, Long.toString(record.offset()));
        if (extent.omitted != null) {
            int bytes = record.value() == null ? 0 : record.value().length;
            put(headers, OMITTED, "%s: %d bytes of value".formatted(extent.omitted, bytes));
        }
        return letter;
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
