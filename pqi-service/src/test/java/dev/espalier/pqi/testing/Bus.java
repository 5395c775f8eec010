// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.testing;

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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes to topics, and collects everything that some topics hold. */
public final class Bus implements AutoCloseable {

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
        this.reader = Thread.ofVirtual().start(() -> follow(bootstrapServers, topics));
    }

    private void follow(String bootstrapServers, List<String> topics) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            var partitions =
                    topics.stream()
                            .flatMap(topic -> consumer.partitionsFor(topic).stream())
                            .map(
                                    info ->
                                            new org.apache.kafka.common.TopicPartition(
                                                    info.topic(), info.partition()))
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

    /** The records of a run on a topic so far, in the order of their partition. */
    public List<ConsumerRecord<String, byte[]>> on(String topic, String runId) {
        return seen.stream()
                .filter(record -> record.topic().equals(topic) && runId.equals(record.key()))
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
    public void close() throws InterruptedException {
        closed = true;
        reader.join();
        producer.close();
    }
}
