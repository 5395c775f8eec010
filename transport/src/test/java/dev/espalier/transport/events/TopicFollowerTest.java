// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A record that fails and a consumer that fails are different things. */
@Timeout(30)
final class TopicFollowerTest {

    private static final String TOPIC = Topic.PROGRESS.topicName();
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);

    private final EventCodec codec =
            new EventCodec("/test", InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    private final BlockingQueue<MockConsumer<String, byte[]>> consumers =
            new LinkedBlockingQueue<>();
    private final List<Integer> heard = new CopyOnWriteArrayList<>();
    private final List<String> malformed = new CopyOnWriteArrayList<>();
    private final List<TopicFollower> followers = new ArrayList<>();
    private volatile int failsOn = -1;

    private final TopicFollower.Listener listener =
            new TopicFollower.Listener() {
                @Override
                public void onEvent(
                        Received<Event> received, ConsumerRecord<String, byte[]> record) {
                    int epoch = ((EpochCompleted) received.event()).epoch();
                    heard.add(epoch);
                    if (epoch == failsOn) {
                        throw new IllegalStateException("the listener has a bug");
                    }
                }

                @Override
                public void onTombstone(ConsumerRecord<String, byte[]> record) {}

                @Override
                public void onMalformed(
                        ConsumerRecord<String, byte[]> record, MalformedEventException reason) {
                    malformed.add(reason.getMessage());
                }
            };

    @AfterEach
    void close() {
        followers.forEach(TopicFollower::close);
    }

    private TopicFollower follow() {
        TopicFollower follower =
                TopicFollower.follow(Set.of(Topic.PROGRESS), codec, this::next, listener);
        followers.add(follower);
        return follower;
    }

    private Consumer<String, byte[]> next() {
        MockConsumer<String, byte[]> next = consumers.poll();
        if (next == null) {
            throw new KafkaException("no broker");
        }
        return next;
    }

    /** A consumer that holds the records of some epochs in its first partition. */
    private MockConsumer<String, byte[]> consumer(int partitions, int... epochs) {
        var consumer = new MockConsumer<String, byte[]>("none");
        var node = new Node(1, "localhost", 1);
        List<PartitionInfo> infos = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            infos.add(new PartitionInfo(TOPIC, i, node, new Node[] {node}, new Node[] {node}));
            var partition = new TopicPartition(TOPIC, i);
            consumer.updateBeginningOffsets(Map.of(partition, 0L));
            consumer.updateEndOffsets(Map.of(partition, i == 0 ? (long) epochs.length : 0L));
        }
        consumer.updatePartitions(TOPIC, infos);
        consumer.schedulePollTask(
                () -> {
                    for (int offset = 0; offset < epochs.length; offset++) {
                        consumer.addRecord(record(0, offset, epochs[offset]));
                    }
                });
        return consumer;
    }

    private ConsumerRecord<String, byte[]> record(int partition, long offset, int epoch) {
        ProducerRecord<String, byte[]> written =
                codec.write(
                        new EpochCompleted(new RunId("mnist"), 0, epoch, 100, 0.1, 1.0, List.of()));
        var record = new ConsumerRecord<>(TOPIC, partition, offset, written.key(), written.value());
        written.headers().forEach(record.headers()::add);
        return record;
    }

    @Test
    void shouldContinueAfterARecordOnWhichTheListenerFails() throws Exception {
        failsOn = 2;
        consumers.add(consumer(1, 1, 2, 3));

        TopicFollower follower = follow();

        assertThat(follower.awaitCaughtUp(Duration.ofSeconds(10))).isTrue();
        assertThat(heard).containsExactly(1, 2, 3);
        assertThat(follower.failedRecords()).isEqualTo(1);
        assertThat(consumers).isEmpty();
    }

    @Test
    void shouldContinueAfterAMalformedRecord() throws Exception {
        MockConsumer<String, byte[]> consumer = consumer(1, 1);
        consumer.schedulePollTask(
                () -> {
                    consumer.addRecord(
                            new ConsumerRecord<>(TOPIC, 0, 1, "mnist", "1e999".getBytes(UTF_8)));
                    consumer.addRecord(record(0, 2, 3));
                });
        consumers.add(consumer);

        TopicFollower follower = follow();

        assertThat(follower.awaitPast(FIRST, 2, Duration.ofSeconds(10))).isTrue();
        assertThat(heard).containsExactly(1, 3);
        assertThat(malformed).hasSize(1);
    }

    @Test
    void shouldResumeAtItsPositionWhenTheConsumerFails() throws Exception {
        MockConsumer<String, byte[]> dying = consumer(1, 1, 2);
        dying.schedulePollTask(() -> dying.setPollException(new KafkaException("lost")));
        consumers.add(dying);
        // The new consumer has all records, and gives those from its position on.
        consumers.add(consumer(1, 1, 2, 3));

        TopicFollower follower = follow();

        assertThat(follower.awaitPast(FIRST, 2, Duration.ofSeconds(10))).isTrue();
        assertThat(heard).containsExactly(1, 2, 3);
    }

    @Test
    void shouldReadPartitionsThatWereAddedMeanwhile() {
        consumers.add(consumer(1, 1));
        MockConsumer<String, byte[]> grown = consumer(2, 1);
        grown.schedulePollTask(() -> grown.addRecord(record(1, 0, 9)));
        consumers
                .peek()
                .schedulePollTask(
                        () -> {
                            throw new KafkaException("lost");
                        });
        consumers.add(grown);

        follow();

        await().untilAsserted(() -> assertThat(heard).containsExactly(1, 9));
    }

    @Test
    void shouldNotBePastAnOffsetThatIsNotThere() throws Exception {
        consumers.add(consumer(1, 1, 2));

        TopicFollower follower = follow();

        assertThat(follower.awaitPast(FIRST, 1, Duration.ofSeconds(10))).isTrue();
        assertThat(follower.awaitPast(FIRST, 2, Duration.ofMillis(50))).isFalse();
    }
}
