// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.kafka;

import dev.espalier.trainer.application.run.TrainRuns;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Reads the topic of runs from its beginning whenever partitions are assigned: it is compacted, and
 * says what should be. The committed offsets only tell which dead letters were written before.
 *
 * <p>A run is given up when its partition went to another trainer, which shows at the next
 * assignment, and not when the broker was merely away: the assignor is the eager one, so each
 * assignment is the whole of it.
 */
@Singleton
@Identifier("runs")
final class RunsAssignment implements KafkaConsumerRebalanceListener {

    private static final Logger LOGGER = Logger.getLogger(RunsAssignment.class);

    private final Instance<TrainRuns> runs;

    /** Of the polling thread. */
    private final Set<Integer> owned = new HashSet<>();

    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();

    /** The connector needs this bean before the emitters exist that the application needs. */
    RunsAssignment(Instance<TrainRuns> runs) {
        this.runs = runs;
    }

    @Override
    public void onPartitionsAssigned(
            Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> known = consumer.committed(Set.copyOf(partitions));
        known.forEach(
                (partition, offset) -> {
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        consumer.seekToBeginning(partitions);
        Set<Integer> kept =
                partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        Set<Integer> lost = new HashSet<>(owned);
        lost.removeAll(kept);
        owned.clear();
        owned.addAll(kept);
        if (!lost.isEmpty()) {
            LOGGER.infof("Partitions %s of the runs went to another trainer", lost);
            runs.get().released(lost);
        }
    }

    boolean wasSeenBefore(ConsumerRecord<?, ?> message) {
        TopicPartition partition = new TopicPartition(message.topic(), message.partition());
        return message.offset() < committed.getOrDefault(partition, 0L);
    }
}
