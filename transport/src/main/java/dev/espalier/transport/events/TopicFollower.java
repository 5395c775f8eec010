// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.schemas.ForeignText;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.transport.kafka.KafkaSettings;
import dev.espalier.transport.retry.RetrySchedule;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads some topics from the beginning and then follows them, on one thread of its own. It belongs
 * to no group and commits nothing, so every process sees all records, and a restart forgets
 * nothing.
 *
 * <p>A record that fails and a consumer that fails are different things. A record that is malformed
 * is told to the listener, and a record on which the listener fails is logged and counted; in both
 * cases the follower continues with the next record. A consumer that fails is opened again at the
 * position that was reached, so the listener sees every record once, in the order of its partition.
 */
public final class TopicFollower implements AutoCloseable {

    /** Hears of every record, on the follower's thread. */
    public interface Listener {

        void onEvent(Received<Event> received, ConsumerRecord<String, byte[]> record);

        /** A key was deleted from a compacted topic. */
        void onTombstone(ConsumerRecord<String, byte[]> record);

        /** A record that is not a valid event. */
        void onMalformed(ConsumerRecord<String, byte[]> record, MalformedEventException reason);
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicFollower.class);
    private static final RetrySchedule REOPENING =
            new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(15));
    private static final Duration CLOSE = Duration.ofSeconds(4);

    private final Set<Topic> topics;
    private final EventCodec codec;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Listener listener;
    private final FollowedPartitions partitions;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final AtomicLong failedRecords = new AtomicLong();
    private final Thread thread;
    private int failures;
    private volatile boolean closed;

    private TopicFollower(
            Set<Topic> topics,
            EventCodec codec,
            Supplier<Consumer<String, byte[]>> consumers,
            Listener listener) {
        this.topics = topics;
        this.codec = codec;
        this.consumers = consumers;
        this.listener = listener;
        this.partitions = new FollowedPartitions(topics);
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
        return follow(topics, codec, KafkaSettings.of(kafkaConfig), listener);
    }

    /** Starts to follow, see above. */
    public static TopicFollower follow(
            Set<Topic> topics, EventCodec codec, KafkaSettings kafka, Listener listener) {
        Map<String, Object> config = new HashMap<>(kafka.consumer());
        // The follower seeks itself, so that it notices when its position is gone.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        return follow(topics, codec, () -> new KafkaConsumer<>(config), listener);
    }

    static TopicFollower follow(
            Set<Topic> topics,
            EventCodec codec,
            Supplier<Consumer<String, byte[]>> consumers,
            Listener listener) {
        var follower = new TopicFollower(Set.copyOf(topics), codec, consumers, listener);
        follower.thread.start();
        return follower;
    }

    /** Waits until all records were heard that the topics held when they were first opened. */
    public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
        return caughtUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /**
     * Waits until the listener has heard the record at an offset, and all before it.
     *
     * @return false if the time is over
     */
    public boolean awaitPast(TopicPartition partition, long offset, Duration atMost)
            throws InterruptedException {
        return partitions.awaitPast(partition, offset, atMost);
    }

    /** Returns the number of records on which the listener has failed. */
    public long failedRecords() {
        return failedRecords.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(CLOSE.dividedBy(4))) {
                thread.interrupt();
                var _ = thread.join(CLOSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try (Consumer<String, byte[]> consumer = consumers.get()) {
                followWith(consumer);
            } catch (InterruptException e) {
                return;
            } catch (RuntimeException e) {
                LOGGER.warn(
                        "Lost {}, opening again where it was: error={}",
                        names(),
                        ForeignText.reason(e.toString()));
                if (!pause(REOPENING.pause(++failures))) {
                    return;
                }
            }
        }
    }

    private void followWith(Consumer<String, byte[]> consumer) {
        partitions.open(consumer);
        failures = 0;
        while (!closed) {
            partitions.poll(consumer, this::hear);
            if (!isCaughtUp() && partitions.isCaughtUp()) {
                caughtUp.countDown();
            }
        }
    }

    private void hear(ConsumerRecord<String, byte[]> record) {
        try {
            tell(record);
        } catch (RuntimeException e) {
            failedRecords.incrementAndGet();
            LOGGER.error(
                    "A record is skipped, because its listener failed: record={}-{}@{}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e);
        }
    }

    private void tell(ConsumerRecord<String, byte[]> record) {
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

    private boolean pause(Duration duration) {
        try {
            Thread.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private String names() {
        return topics.stream().map(Topic::topicName).sorted().collect(Collectors.joining(", "));
    }
}
