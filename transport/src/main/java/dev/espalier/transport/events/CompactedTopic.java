// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A compacted topic as a live map from key to the last valid event.
 *
 * @param <E> the only type of event on the topic
 */
public final class CompactedTopic<E extends Event> implements AutoCloseable {

    private final Map<String, Received<E>> latest = new ConcurrentHashMap<>();
    private final Topic topic;
    private final TopicFollower follower;

    /**
     * Starts to follow a topic. The broker need not be there yet.
     *
     * @param kafkaConfig at least {@code bootstrap.servers}
     * @param onMalformed is called for every record that is not a valid event; the last valid one
     *     of its key stays in force
     */
    public CompactedTopic(
            Topic topic,
            Class<E> type,
            EventCodec codec,
            Map<String, Object> kafkaConfig,
            BiConsumer<ConsumerRecord<String, byte[]>, MalformedEventException> onMalformed) {
        this(topic, type, codec, kafkaConfig, event -> {}, onMalformed);
    }

    /**
     * Starts to follow a topic whose events have to be more than valid.
     *
     * @param requireUsable throws a {@link MalformedEventException} for an event that is of no use
     */
    public CompactedTopic(
            Topic topic,
            Class<E> type,
            EventCodec codec,
            Map<String, Object> kafkaConfig,
            Consumer<E> requireUsable,
            BiConsumer<ConsumerRecord<String, byte[]>, MalformedEventException> onMalformed) {
        this.topic = topic;
        var listener =
                new TopicFollower.Listener() {
                    @Override
                    public void onEvent(
                            Received<Event> received, ConsumerRecord<String, byte[]> record) {
                        E event = type.cast(received.event());
                        try {
                            requireUsable.accept(event);
                        } catch (MalformedEventException e) {
                            onMalformed.accept(record, e);
                            return;
                        }
                        latest.put(
                                event.key(),
                                new Received<>(event, received.id(), received.source()));
                    }

                    @Override
                    public void onTombstone(ConsumerRecord<String, byte[]> record) {
                        if (record.key() != null) {
                            latest.remove(record.key());
                        }
                    }

                    @Override
                    public void onMalformed(
                            ConsumerRecord<String, byte[]> record, MalformedEventException reason) {
                        onMalformed.accept(record, reason);
                    }
                };
        this.follower = TopicFollower.follow(Set.of(topic), codec, kafkaConfig, listener);
    }

    /** The last valid event of a key. */
    public Optional<Received<E>> get(String key) {
        return Optional.ofNullable(latest.get(key));
    }

    /** A copy of all that is known, by key. */
    public Map<String, Received<E>> all() {
        return Map.copyOf(latest);
    }

    /** Waits until everything was read that the topic held when it was first opened. */
    public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
        return follower.awaitCaughtUp(atMost);
    }

    public boolean isCaughtUp() {
        return follower.isCaughtUp();
    }

    /**
     * Waits until this map has taken in the record at an offset, and all before it.
     *
     * @return false if the time is over
     */
    public boolean awaitPast(int partition, long offset, Duration atMost)
            throws InterruptedException {
        return follower.awaitPast(new TopicPartition(topic.topicName(), partition), offset, atMost);
    }

    @Override
    public void close() {
        follower.close();
    }
}
