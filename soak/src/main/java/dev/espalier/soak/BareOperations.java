// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.S3ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a decision cannot do without, alone and one after the other: two events through the broker,
 * the reads of weights and measurement, and three conditional creations.
 */
final class BareOperations implements AutoCloseable {

    private static final int ROUNDS = 200;
    private static final int WARM = 50;
    private static final String TOPIC = "bare-operations";
    private static final int EVENT_BYTES = 3_000;

    /** One operation, which is timed. */
    private interface Operation {
        void run(int round) throws ExecutionException, InterruptedException;
    }

    private final StackCredentials credentials;
    private final ObjectStore store;

    BareOperations(StackCredentials credentials) {
        this.credentials = credentials;
        this.store = new S3ObjectStore(credentials.store());
    }

    Map<String, Percentiles> measure(RunId run) throws InterruptedException {
        Map<String, Percentiles> measured = new LinkedHashMap<>();
        measured.put("two events", events());
        byte[] weights = read(ObjectKey.weights(run, 1));
        byte[] measurement = read(ObjectKey.measurement(run, 1));
        byte[] decision = read(ObjectKey.decision(run, 1));
        byte[] mask = read(ObjectKey.mask(run, 1));
        measured.put(
                "reads",
                timed(
                        round -> {
                            read(ObjectKey.weights(run, 1));
                            read(ObjectKey.mask(run, 1));
                            read(ObjectKey.measurement(run, 1));
                            read(ObjectKey.weights(run, 1));
                        }));
        measured.put(
                "conditional creations",
                timed(
                        round -> {
                            create("measurement", round, measurement);
                            create("decision", round, decision);
                            create("mask", round, mask);
                        }));
        if (weights.length == 0) {
            throw new IllegalStateException("the weights of " + run + " are empty");
        }
        return measured;
    }

    private byte[] read(ObjectKey key) {
        Optional<byte[]> content = store.read(key);
        return content.orElseThrow(
                () -> new IllegalStateException(key + " is not in the object store"));
    }

    private void create(String name, int round, byte[] content) {
        store.createIfAbsent(new ObjectKey("bare/%06d/%s".formatted(round, name)), content);
    }

    private Percentiles events() throws InterruptedException {
        Map<String, Object> broker =
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, credentials.bootstrapServers());
        try (Admin admin = Admin.create(broker)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create the topic " + TOPIC, e.getCause());
        }
        Map<String, Object> consumerConfig =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        credentials.bootstrapServers(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest");
        Map<String, Object> producerConfig =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        credentials.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0);
        try (var producer =
                        new KafkaProducer<>(
                                producerConfig,
                                new ByteArraySerializer(),
                                new ByteArraySerializer());
                var consumer =
                        new KafkaConsumer<>(
                                consumerConfig,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            byte[] event = new byte[EVENT_BYTES];
            return timed(
                    round -> {
                        for (int i = 0; i < 2; i++) {
                            producer.send(new ProducerRecord<>(TOPIC, event)).get();
                            while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
                                Thread.onSpinWait();
                            }
                        }
                    });
        }
    }

    private static Percentiles timed(Operation operation) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < WARM + ROUNDS; round++) {
            long start = System.nanoTime();
            try {
                operation.run(round);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a bare operation failed", e.getCause());
            }
            if (round >= WARM) {
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }
        return Percentiles.of(millis);
    }

    @Override
    public void close() {
        store.close();
    }
}
