// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads some topics from the beginning and then follows them, on one thread of its own. It belongs
 * to no group and commits nothing, so every process sees all of it, and a restart forgets nothing.
 * Where the broker was lost, it starts from the beginning again: listeners must bear repetitions.
 */
public final class TopicFollower implements AutoCloseable {

    /** Hears of every record, on the follower's thread; must not throw. */
    public interface Listener {

        void onEvent(Received<Event> received, ConsumerRecord<String, byte[]> record);

        /** A key was deleted from a compacted topic. */
        void onTombstone(ConsumerRecord<String, byte[]> record);

        /** A record that is no valid event. */
        void onMalformed(ConsumerRecord<String, byte[]> record, MalformedEventException reason);
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Set<Topic> topics;
    private final EventCodec codec;
    private final Map<String, Object> consumerConfig;
    private final Listener listener;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;

    private TopicFollower(
            Set<Topic> topics,
            EventCodec codec,
            Map<String, Object> consumerConfig,
            Listener listener) {
        this.topics = topics;
        this.codec = codec;
        this.consumerConfig = consumerConfig;
        this.listener = listener;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("follow-" + topics.iterator().next().topicName())
                        .unstarted(this::run);
    }

    /**
     * Starts to follow. The broker need not be there yet.
     *
     * @param topics at least one
     * @param kafkaConfig at least {@code bootstrap.servers}
     */
    public static TopicFollower follow(
            Set<Topic> topics,
            EventCodec codec,
            Map<String, Object> kafkaConfig,
            Listener listener) {
        Map<String, Object> config = new HashMap<>(kafkaConfig);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        var follower = new TopicFollower(Set.copyOf(topics), codec, config, listener);
        follower.thread.start();
        return follower;
    }

    /** Waits until everything was heard that the topics held when they were first opened. */
    public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
        return caughtUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(consumerConfig)) {
                followWith(consumer);
            } catch (InterruptException e) {
                return;
            } catch (RuntimeException e) {
                LOGGER.warn("Lost {}, opening again: {}", names(), e.toString());
                pause();
            }
        }
    }

    private void followWith(KafkaConsumer<String, byte[]> consumer) {
        List<TopicPartition> partitions =
                topics.stream().flatMap(topic -> partitions(consumer, topic).stream()).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (!closed) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                hear(record);
            }
            if (!isCaughtUp()
                    && partitions.stream()
                            .allMatch(p -> consumer.position(p) >= ends.getOrDefault(p, 0L))) {
                caughtUp.countDown();
            }
        }
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<String, byte[]> consumer, Topic topic) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic.topicName()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException(
                    "the topic %s does not exist (yet)".formatted(topic.topicName()));
        }
        return partitions;
    }

    private void hear(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            listener.onTombstone(record);
            return;
        }
        Received<Event> received;
        try {
            received = codec.read(record);
        } catch (MalformedEventException e) {
            listener.onMalformed(record, e);
            return;
        }
        listener.onEvent(received, record);
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_ERROR);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private String names() {
        return topics.stream().map(Topic::topicName).sorted().collect(Collectors.joining(", "));
    }
}
