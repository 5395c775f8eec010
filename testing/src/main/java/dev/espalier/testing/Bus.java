// SPDX-License-Identifier: Apache-2.0
package dev.espalier.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** Writes to topics, and collects everything that some topics hold. */
public final class Bus implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final KafkaProducer<String, byte[]> producer;
    private final Queue<ConsumerRecord<String, byte[]>> seen = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private volatile boolean closed;

    public Bus(String bootstrapServers, List<String> topics) {
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringSerializer(),
                        new ByteArraySerializer());
        this.reader = Thread.ofPlatform().start(() -> follow(bootstrapServers, topics));
    }

    private void follow(String bootstrapServers, List<String> topics) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    topics.stream()
                            .flatMap(topic -> consumer.partitionsFor(topic).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
            }
        }
    }

    public void send(ProducerRecord<String, byte[]> record)
            throws InterruptedException, ExecutionException {
        producer.send(record).get();
    }

    /** The records of a key on a topic, in their order, as soon as there are so many. */
    public List<ConsumerRecord<String, byte[]>> await(String topic, String key, int count) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> on(topic, key), records -> records.size() >= count);
    }

    /** The records of a key on a topic so far. */
    public List<ConsumerRecord<String, byte[]>> on(String topic, String key) {
        return seen.stream()
                .filter(record -> record.topic().equals(topic) && key.equals(record.key()))
                .toList();
    }

    /** All records on a topic so far. */
    public List<ConsumerRecord<String, byte[]>> on(String topic) {
        return seen.stream().filter(record -> record.topic().equals(topic)).toList();
    }

    public static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
