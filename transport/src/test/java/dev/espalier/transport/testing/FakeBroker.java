// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.transport.events.RecordSender;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A broker in memory with a limit of size and a list of failures to come. */
public final class FakeBroker implements RecordSender {

    private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    private final Deque<KafkaException> failures = new ArrayDeque<>();
    private int maxBytes = Integer.MAX_VALUE;

    @Override
    public synchronized void send(ProducerRecord<String, byte[]> record) {
        KafkaException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        int bytes = size(record);
        if (bytes > maxBytes) {
            throw new RecordTooLargeException("%d bytes, at most %d".formatted(bytes, maxBytes));
        }
        records.add(record);
    }

    public synchronized void failNext(KafkaException failure) {
        failures.add(failure);
    }

    public synchronized void maxBytes(int bytes) {
        maxBytes = bytes;
    }

    public synchronized List<ProducerRecord<String, byte[]>> records() {
        return List.copyOf(records);
    }

    /** The value of a header, or null. */
    public static @Nullable String header(ProducerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private static int size(ProducerRecord<String, byte[]> record) {
        int size = record.key() == null ? 0 : record.key().length();
        size += record.value() == null ? 0 : record.value().length;
        for (Header header : record.headers()) {
            size += header.key().length() + header.value().length;
        }
        return size;
    }
}
