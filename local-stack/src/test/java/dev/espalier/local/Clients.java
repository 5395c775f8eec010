// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local;

import io.minio.MinioClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Ordinary clients of the two servers. */
final class Clients {
    private Clients() {}

    static MinioClient store(LocalStack stack, String secretKey) {
        return MinioClient.builder()
                .endpoint(stack.storeEndpoint().toString())
                .region("us-east-1")
                .credentials(stack.storeCredentials().accessKey(), secretKey)
                .build();
    }

    static MinioClient store(LocalStack stack) {
        return store(stack, stack.storeCredentials().secretKey());
    }

    static void produce(
            LocalStack stack, String topic, String compression, String key, List<String> values)
            throws Exception {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers",
                        stack.bootstrapServers(),
                        "compression.type",
                        compression,
                        "linger.ms",
                        5);
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, key, value)).get(20, TimeUnit.SECONDS);
            }
        }
    }

    /** Everything in the topic under the key, once there are {@code count} of them. */
    static List<String> consume(LocalStack stack, String topic, String key, int count) {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers",
                        stack.bootstrapServers(),
                        "group.id",
                        "test-" + System.nanoTime(),
                        "auto.offset.reset",
                        "earliest");
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        try (var consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(200))) {
                    if (r.key().equals(key)) {
                        values.add(r.value());
                    }
                }
            }
        }
        return values;
    }
}
