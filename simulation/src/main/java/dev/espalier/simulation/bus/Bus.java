// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.schemas.Topic;
import dev.espalier.simulation.schedule.Faults;
import dev.espalier.simulation.schedule.Timeline;
import dev.espalier.transport.handling.DeadLetters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** The broker. */
public final class Bus {

    static final int PARTITIONS = 3;

    private static final String DEAD_LETTERS = ".dlq";

    private static final Set<String> FACTS =
            Set.of(
                    Topic.SNAPSHOTS.topicName(),
                    Topic.MEASUREMENTS.topicName(),
                    Topic.DECISIONS.topicName());

    /**
     * A record and when its readers can see it, which is later than for those before it.
     *
     * @param visibleAt in milliseconds
     */
    record Stored(ConsumerRecord<String, byte[]> message, long visibleAt) {}

    /** A record that could not be processed. */
    public record DeadLetter(ConsumerRecord<String, byte[]> message, String reason) {}

    private final Timeline timeline;
    private final Faults faults;
    private final Consumer<ConsumerRecord<String, byte[]>> onRecord;
    private final Map<String, List<List<Stored>>> topics = new HashMap<>();
    private final List<ConsumerGroup> groups = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    /**
     * @param onRecord hears of every record that is written
     */
    public Bus(
            Timeline timeline, Faults faults, Consumer<ConsumerRecord<String, byte[]>> onRecord) {
        this.timeline = timeline;
        this.faults = faults;
        this.onRecord = onRecord;
        for (Topic topic : Topic.values()) {
            List<List<Stored>> partitions = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new ArrayList<>());
            }
            topics.put(topic.topicName(), partitions);
            List<List<Stored>> letters = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                letters.add(new ArrayList<>());
            }
            topics.put(topic.deadLetterName(), letters);
        }
    }

    Timeline timeline() {
        return timeline;
    }

    Faults faults() {
        return faults;
    }

    /** A group that does not exist yet. */
    public ConsumerGroup group(Topic topic) {
        var group = new ConsumerGroup(this, topic.topicName());
        groups.add(group);
        return group;
    }

    /** Whether every group has processed and committed everything. */
    public boolean isDrained() {
        return groups.stream().allMatch(ConsumerGroup::isDrained);
    }

    /**
     * Writes a record, and perhaps once more. Much later only where the topic tells facts: the last
     * word on a compacted topic holds.
     */
    public void append(ProducerRecord<String, byte[]> sent) {
        store(sent);
        long again = faults.repeatedAfterMillis(timeline.now());
        if (again == 0) {
            store(sent);
        } else if (again > 0 && FACTS.contains(sent.topic())) {
            timeline.at(timeline.now() + again, () -> store(sent));
        }
    }

    /**
     * Writes a record if the topic allows its size.
     *
     * @return why the broker refuses the record; null if it took the record
     */
    public @Nullable KafkaException offer(ProducerRecord<String, byte[]> sent) {
        int limit =
                sent.topic().endsWith(DEAD_LETTERS)
                        ? Topic.MAX_DEAD_LETTER_BYTES
                        : Topic.MAX_EVENT_BYTES;
        int bytes = bytes(sent);
        if (bytes > limit) {
            return new RecordTooLargeException(
                    "%d bytes for %s, which allows %d".formatted(bytes, sent.topic(), limit));
        }
        append(sent);
        return null;
    }

    private static int bytes(ProducerRecord<String, byte[]> sent) {
        int bytes = sent.value() == null ? 0 : sent.value().length;
        bytes += sent.key() == null ? 0 : sent.key().length();
        for (var header : sent.headers()) {
            bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private void store(ProducerRecord<String, byte[]> sent) {
        int partition = Math.floorMod(Objects.hashCode(sent.key()), PARTITIONS);
        List<Stored> log = log(sent.topic(), partition);
        var message =
                new ConsumerRecord<>(
                        sent.topic(),
                        partition,
                        log.size(),
                        timeline.now(),
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        sent.key(),
                        sent.value(),
                        sent.headers(),
                        Optional.empty());
        long visible = timeline.now() + faults.deliveryMillis();
        if (!log.isEmpty()) {
            visible = Math.max(visible, log.getLast().visibleAt());
        }
        log.add(new Stored(message, visible));
        if (sent.topic().endsWith(DEAD_LETTERS)) {
            deadLetters.add(written(message));
        }
        onRecord.accept(message);
        for (ConsumerGroup group : groups) {
            group.arrived(sent.topic(), visible);
        }
    }

    /** The record that a dead letter is about, and why it could not be processed. */
    private DeadLetter written(ConsumerRecord<String, byte[]> letter) {
        String topic = header(letter, DeadLetters.TOPIC);
        int partition = Integer.parseInt(header(letter, DeadLetters.PARTITION));
        int offset = Integer.parseInt(header(letter, DeadLetters.OFFSET));
        return new DeadLetter(
                log(topic, partition).get(offset).message(), header(letter, DeadLetters.REASON));
    }

    private static String header(ConsumerRecord<String, byte[]> letter, String name) {
        return new String(
                Objects.requireNonNull(letter.headers().lastHeader(name), name).value(), UTF_8);
    }

    List<Stored> log(String topic, int partition) {
        List<List<Stored>> partitions = topics.get(topic);
        if (partitions == null) {
            throw new IllegalArgumentException("there is no topic " + topic);
        }
        return partitions.get(partition);
    }

    /** All that was ever written to a topic, partition by partition. */
    public Stream<ConsumerRecord<String, byte[]>> all(Topic topic) {
        return topics.getOrDefault(topic.topicName(), List.of()).stream()
                .flatMap(List::stream)
                .map(Stored::message);
    }

    /** All that is no event. */
    public Stream<ConsumerRecord<String, byte[]>> nonsense() {
        return Stream.of(Topic.values())
                .flatMap(this::all)
                .filter(message -> message.headers().lastHeader("ce_id") == null);
    }

    public void deadLetter(ConsumerRecord<String, byte[]> message, String reason) {
        deadLetters.add(new DeadLetter(message, reason));
    }

    public List<DeadLetter> deadLetters() {
        return deadLetters;
    }
}
