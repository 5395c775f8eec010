// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import dev.espalier.schemas.Topic;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends each kind of {@link Misfit} once a second to every topic. The kinds of nearly a megabyte go
 * to one topic a second, in turn, because the disk would be the only thing under test otherwise.
 */
final class MisfitSender implements AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong taken = new AtomicLong();
    private long second;
    private long number;

    private MisfitSender(String bootstrapServers) {
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                2 << 20,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                1_000,
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                false,
                                ProducerConfig.RETRIES_CONFIG,
                                0),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    static MisfitSender start(String bootstrapServers) {
        var sender = new MisfitSender(bootstrapServers);
        var _ = sender.clock.scheduleAtFixedRate(sender::sendAll, 0, 1, TimeUnit.SECONDS);
        return sender;
    }

    /** How many records the broker took. */
    long taken() {
        return taken.get();
    }

    private void sendAll() {
        Topic[] topics = Topic.values();
        Topic turn = topics[(int) (second++ % topics.length)];
        for (Misfit misfit : Misfit.values()) {
            for (Topic topic : topics) {
                if (!misfit.isLarge() || topic == turn) {
                    send(misfit, topic);
                }
            }
        }
    }

    private void send(Misfit misfit, Topic topic) {
        try {
            var _ =
                    producer.send(
                            misfit.record(topic, number++),
                            (metadata, error) -> {
                                if (error == null) {
                                    taken.incrementAndGet();
                                }
                            });
        } catch (org.apache.kafka.common.KafkaException e) {
            // The broker is away, as it is meant to be from time to time. Strangers do not retry.
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        producer.close(java.time.Duration.ofSeconds(2));
    }
}
