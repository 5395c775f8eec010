// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.bus;

import dev.espalier.schemas.Topic;
import dev.espalier.simulation.schedule.Faults;
import dev.espalier.simulation.schedule.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/** The broker. */
public final class Bus {

    static final int PARTITIONS = 3;

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

    private void store(ProducerRecord<String, byte[]> sent) {
        int partition = Math.floorMod(sent.key().hashCode(), PARTITIONS);
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
        onRecord.accept(message);
        for (ConsumerGroup group : groups) {
            group.arrived(sent.topic(), visible);
        }
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
