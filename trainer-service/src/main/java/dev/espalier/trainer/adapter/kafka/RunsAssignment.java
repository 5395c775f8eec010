// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.kafka;

import dev.espalier.trainer.application.TrainRuns;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the topic of runs from its beginning whenever partitions are assigned: it is compacted, and
 * says what should be. The committed offsets only tell which dead letters were written before.
 */
@Singleton
@Identifier("runs")
final class RunsAssignment implements KafkaConsumerRebalanceListener {

    private final TrainRuns runs;
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();

    RunsAssignment(TrainRuns runs) {
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
    }

    @Override
    public void onPartitionsRevoked(
            Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        runs.released(partitions.stream().map(TopicPartition::partition).toList());
    }

    boolean wasSeenBefore(ConsumerRecord<?, ?> message) {
        TopicPartition partition = new TopicPartition(message.topic(), message.partition());
        return message.offset() < committed.getOrDefault(partition, 0L);
    }
}
