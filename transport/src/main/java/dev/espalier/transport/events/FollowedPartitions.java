// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.schemas.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of a follower and the position in each, which outlives its consumers. Positions
 * only go forward, except when the broker no longer has them.
 */
final class FollowedPartitions {

    private static final Logger LOGGER = LoggerFactory.getLogger(FollowedPartitions.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long NANOS_BETWEEN_LOOKS = Duration.ofSeconds(5).toNanos();

    private final Set<Topic> topics;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private long lastLook;

    FollowedPartitions(Set<Topic> topics) {
        this.topics = topics;
    }

    /** What is done with a record; does not throw. */
    interface Listener {
        void hear(ConsumerRecord<String, byte[]> record);
    }

    /** Assigns all partitions to a new consumer, at the positions reached so far. */
    void open(Consumer<String, byte[]> consumer) {
        Set<TopicPartition> all = known(consumer);
        assign(consumer, all);
        if (ends.isEmpty()) {
            ends.putAll(consumer.endOffsets(all));
        }
        lastLook = System.nanoTime();
    }

    /** Hears the next records. */
    void poll(Consumer<String, byte[]> consumer, Listener listener) {
        ConsumerRecords<String, byte[]> records;
        try {
            records = consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            restart(consumer, e.offsetOutOfRangePartitions());
            return;
        } catch (RecordDeserializationException e) {
            LOGGER.error(
                    "A record is skipped, because its bytes are broken: record={}@{} error={}",
                    e.topicPartition(),
                    e.offset(),
                    e.getMessage());
            consumer.seek(e.topicPartition(), e.offset() + 1);
            return;
        }
        for (ConsumerRecord<String, byte[]> record : records) {
            var partition = new TopicPartition(record.topic(), record.partition());
            if (record.offset() >= position(partition)) {
                listener.hear(record);
                reached(partition, record.offset() + 1);
            }
        }
        // Behind the last record there may be offsets without one.
        try {
            for (TopicPartition partition : consumer.assignment()) {
                reached(partition, consumer.position(partition, POLL));
            }
        } catch (TimeoutException e) {
            LOGGER.debug("A position is not known yet", e);
        }
        look(consumer);
    }

    /** True if all positions are past the end that their partition had at the first opening. */
    synchronized boolean isCaughtUp() {
        return ends.entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    synchronized boolean awaitPast(TopicPartition partition, long offset, Duration atMost)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (positions.getOrDefault(partition, 0L) <= offset) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    private synchronized long position(TopicPartition partition) {
        return positions.getOrDefault(partition, 0L);
    }

    private synchronized void reached(TopicPartition partition, long position) {
        positions.merge(partition, position, Math::max);
        notifyAll();
    }

    private void assign(Consumer<String, byte[]> consumer, Set<TopicPartition> all) {
        Set<TopicPartition> added = new HashSet<>(all);
        consumer.assign(all);
        synchronized (this) {
            added.removeAll(positions.keySet());
            positions.forEach(
                    (partition, position) -> {
                        if (all.contains(partition)) {
                            consumer.seek(partition, position);
                        }
                    });
        }
        if (!added.isEmpty()) {
            // Without any partition, Kafka would take this for all of them.
            consumer.seekToBeginning(added);
        }
    }

    /** Looks for partitions that were added. */
    private void look(Consumer<String, byte[]> consumer) {
        if (System.nanoTime() - lastLook < NANOS_BETWEEN_LOOKS) {
            return;
        }
        lastLook = System.nanoTime();
        Set<TopicPartition> all = known(consumer);
        Set<TopicPartition> assigned = consumer.assignment();
        if (!all.equals(assigned)) {
            LOGGER.warn(
                    "The number of partitions has changed, reading all of them: before={} now={}",
                    counts(assigned),
                    counts(all));
            assign(consumer, all);
        }
    }

    /** The broker has lost a position: the topic was made again, or forgot what was not read. */
    private void restart(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> lost) {
        LOGGER.warn(
                "The broker has no such offsets any more, reading from the first one: positions={}",
                lost);
        synchronized (this) {
            lost.keySet().forEach(positions::remove);
        }
        consumer.seekToBeginning(lost.keySet());
    }

    private Set<TopicPartition> known(Consumer<String, byte[]> consumer) {
        Set<TopicPartition> all = new HashSet<>();
        for (Topic topic : topics) {
            List<PartitionInfo> found = consumer.partitionsFor(topic.topicName());
            if (found == null || found.isEmpty()) {
                throw new UnknownTopicOrPartitionException(
                        "the topic %s does not exist (yet)".formatted(topic.topicName()));
            }
            found.forEach(info -> all.add(new TopicPartition(info.topic(), info.partition())));
        }
        return all;
    }

    private static Map<String, Integer> counts(Collection<TopicPartition> partitions) {
        Map<String, Integer> counts = new TreeMap<>();
        partitions.forEach(partition -> counts.merge(partition.topic(), 1, Integer::sum));
        return counts;
    }
}
