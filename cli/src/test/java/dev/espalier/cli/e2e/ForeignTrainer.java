// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.cli.stack.StackFile;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A trainer that knows the protocol's document and nothing of our code: it writes its JSON and its
 * safetensors by hand. Its network is one layer of eight rows with eight weights each.
 */
final class ForeignTrainer implements AutoCloseable {

    static final int ROWS = 8;
    static final int COLUMNS = 8;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String run;
    private final String bucket;
    private final MinioClient store;
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;

    ForeignTrainer(StackFile stack, String run) {
        this.run = run;
        this.bucket = stack.bucket();
        this.store =
                MinioClient.builder()
                        .endpoint(stack.storeEndpoint())
                        .region("us-east-1")
                        .credentials(stack.accessKey(), stack.secretKey())
                        .build();
        Properties config = new Properties();
        config.put("bootstrap.servers", stack.bootstrapServers());
        config.put("group.id", "foreign-" + UUID.randomUUID());
        config.put("auto.offset.reset", "earliest");
        this.producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        this.consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of("espalier.decisions"));
    }

    void request(int iterations) throws Exception {
        Instant requestedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        send(
                "espalier.runs",
                "run.requested.v1",
                run + "/requested-running-" + requestedAt.toEpochMilli(),
                """
                {"runId": "%s", "state": "running", "requestedAt": "%s",
                 "specification": {"trainer": "external", "iterations": %d}}
                """
                        .formatted(run, requestedAt, iterations));
    }

    /** Stores the weights and says so. */
    void publish(int iteration, float[] weights, String maskReference) throws Exception {
        byte[] file = safetensors(weights);
        publish(iteration, put(iteration, file), maskReference);
    }

    void publish(int iteration, String weightsReference, String maskReference) throws Exception {
        send(
                "espalier.snapshots",
                "snapshot.published.v1",
                run + "/" + iteration + "/snapshot",
                """
                {"runId": "%s", "iteration": %d, "weights": %s, "mask": %s,
                 "metrics": [{"name": "accuracy", "split": "test", "value": 0.5}]}
                """
                        .formatted(run, iteration, weightsReference, maskReference));
    }

    /** Puts the bytes where the weights of an iteration belong and returns their reference. */
    String put(int iteration, byte[] file) throws Exception {
        String key = "runs/%s/iterations/%06d/weights.safetensors".formatted(run, iteration);
        store.putObject(
                PutObjectArgs.builder().bucket(bucket).object(key).stream(
                                new ByteArrayInputStream(file), (long) file.length, -1L)
                        .build());
        return """
        {"uri": "s3://%s/%s", "sha256": "%s", "sizeBytes": %d}
        """
                .formatted(bucket, key, sha256(file), file.length);
    }

    JsonNode awaitDecision(int iteration) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                JsonNode decision = JSON.readTree(record.value());
                if (run.equals(record.key()) && decision.path("iteration").asInt() == iteration) {
                    return decision;
                }
            }
        }
        throw new AssertionError("no decision on iteration %d of %s".formatted(iteration, run));
    }

    /** The mask of the only layer as bytes, one bit per weight, by the layout of the protocol. */
    byte[] maskBits(JsonNode reference) throws Exception {
        String uri = reference.path("uri").asText();
        byte[] file;
        try (InputStream in =
                store.getObject(
                        GetObjectArgs.builder()
                                .bucket(bucket)
                                .object(uri.substring(("s3://" + bucket + "/").length()))
                                .build())) {
            file = in.readAllBytes();
        }
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(buffer.getLong(0));
        JsonNode header = JSON.readTree(new String(file, 8, headerLength, UTF_8));
        JsonNode offsets = header.path("fc.weight").path("data_offsets");
        byte[] bits = new byte[offsets.get(1).asInt() - offsets.get(0).asInt()];
        buffer.get(8 + headerLength + offsets.get(0).asInt(), bits);
        return bits;
    }

    static byte[] safetensors(float[] weights) {
        String header =
                """
                {"fc.weight":{"dtype":"F32","shape":[%d,%d],"data_offsets":[0,%d]}}"""
                        .formatted(ROWS, COLUMNS, weights.length * Float.BYTES);
        byte[] json = header.getBytes(UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + json.length + weights.length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (float weight : weights) {
            file.putFloat(weight);
        }
        return file.array();
    }

    void send(String topic, String type, String id, String json) throws Exception {
        var record = new ProducerRecord<>(topic, run, json);
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", id,
                        "ce_source", "/foreign-trainer",
                        "ce_type", "dev.espalier." + type,
                        "content-type", "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        producer.send(record).get();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
