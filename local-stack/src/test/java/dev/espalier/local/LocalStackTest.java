// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.local.host.DataFolderInUseException;
import dev.espalier.local.host.DataLock;
import dev.espalier.local.host.LocalStackException;
import dev.espalier.local.host.PortInUseException;
import dev.espalier.local.kafka.TopicSetup;
import dev.espalier.local.kafka.TopicSpec;
import dev.espalier.local.process.Jvm;
import dev.espalier.local.store.StoreCredentials;
import dev.espalier.schemas.Topic;
import io.minio.GetObjectArgs;
import io.minio.Http;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All on one running stack. */
class LocalStackTest {
    @TempDir static Path data;

    private static LocalStack stack;

    @BeforeAll
    static void start() {
        stack = LocalStack.start(LocalStackConfig.in(data));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void shouldCreateEveryTopicOfTheContractWithItsDeadLetters() throws Exception {
        try (Admin admin = admin()) {
            List<String> expected = new ArrayList<>();
            for (Topic topic : Topic.values()) {
                expected.add(topic.topicName());
                expected.add(topic.deadLetterName());
            }
            Map<String, TopicDescription> found =
                    admin.describeTopics(expected).allTopicNames().get();

            assertThat(found.values())
                    .hasSize(2 * Topic.values().length)
                    .allMatch(t -> t.partitions().size() == 4);
            assertThat(setting(admin, "espalier.runs", "cleanup.policy")).isEqualTo("compact");
            assertThat(setting(admin, "espalier.runs.dlq", "cleanup.policy")).isEqualTo("delete");
            assertThat(setting(admin, "espalier.runs", "max.message.bytes")).isEqualTo("1048576");
            assertThat(setting(admin, "espalier.runs.dlq", "max.message.bytes"))
                    .isEqualTo("1114112");
        }
    }

    @Test
    void shouldKeepPartitionsAndFollowConfigurationWhenTopicExists() throws Exception {
        TopicSetup.ensure(
                stack.bootstrapServers(),
                List.of(new TopicSpec("changing", 3, Map.of("retention.ms", "1000"))));
        TopicSetup.ensure(
                stack.bootstrapServers(),
                List.of(
                        new TopicSpec("changing", 5, Map.of("retention.ms", "2000")),
                        new TopicSpec("added", 1, Map.of())));

        try (Admin admin = admin()) {
            assertThat(setting(admin, "changing", "retention.ms")).isEqualTo("2000");
            Map<String, TopicDescription> topics =
                    admin.describeTopics(List.of("changing", "added")).allTopicNames().get();
            assertThat(topics.get("changing").partitions()).hasSize(3);
            assertThat(topics.get("added").partitions()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4", "zstd"})
    void shouldReturnRecordsWithAnyCompression(String compression) throws Exception {
        List<String> sent = List.of("one".repeat(100), "two".repeat(100));

        Clients.produce(stack, "espalier.snapshots", compression, "run-" + compression, sent);

        assertThat(Clients.consume(stack, "espalier.snapshots", "run-" + compression, 2))
                .containsExactlyElementsOf(sent);
    }

    @Test
    void shouldRefuseWrongSecret() {
        MinioClient intruder = Clients.store(stack, "not-the-secret");

        assertThatThrownBy(() -> put(intruder, "intruder.bin", "x", false))
                .isInstanceOfSatisfying(
                        ErrorResponseException.class,
                        e -> assertThat(e.response().code()).isEqualTo(403));
        assertThatThrownBy(() -> stat(Clients.store(stack), "intruder.bin"))
                .isInstanceOfSatisfying(
                        ErrorResponseException.class,
                        e -> assertThat(e.response().code()).isEqualTo(404));
    }

    @Test
    void shouldLetExactlyOneOfEightCreatorsWin() throws Exception {
        MinioClient client = Clients.store(stack);
        for (int round = 0; round < 5; round++) {
            String key = "runs/race-" + round + "/decision.json";
            List<String> winners = new ArrayList<>();
            CountDownLatch together = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
                List<Future<Boolean>> attempts = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    String value = "creator-" + i;
                    attempts.add(
                            threads.submit(
                                    () -> {
                                        together.await();
                                        return createIfAbsent(client, key, value);
                                    }));
                }
                together.countDown();
                for (int i = 0; i < 8; i++) {
                    if (attempts.get(i).get(20, TimeUnit.SECONDS)) {
                        winners.add("creator-" + i);
                    }
                }
            }
            assertThat(winners).hasSize(1);
            assertThat(read(client, key, 0, null)).isEqualTo(winners.getFirst());
        }
    }

    @Test
    void shouldReadRanges() throws Exception {
        MinioClient client = Clients.store(stack);
        put(client, "ranges.bin", "0123456789", false);

        assertThat(read(client, "ranges.bin", 0, 3L)).isEqualTo("012");
        assertThat(read(client, "ranges.bin", 4, 4L)).isEqualTo("4567");
        assertThat(read(client, "ranges.bin", 8, null)).isEqualTo("89");
    }

    @Test
    void shouldRefuseFolderInUseInSameProcess() {
        assertThatThrownBy(() -> LocalStack.start(LocalStackConfig.in(data)))
                .isInstanceOf(DataFolderInUseException.class)
                .hasMessageContaining(data.toString())
                .hasMessageContaining(ProcessHandle.current().pid() + " (this one)");
    }

    @Test
    void shouldRefuseFolderInUseInAnotherProcessWithoutHanging() throws Exception {
        // Twice: the first refusal must not have let go of the lock.
        for (int i = 0; i < 2; i++) {
            Process second = Jvm.start(StackMain.class, data.toString());
            String output =
                    new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(1);
            assertThat(output)
                    .contains("DataFolderInUseException")
                    .contains(data.toString())
                    .contains("process " + ProcessHandle.current().pid() + ".");
        }
    }

    @Test
    void shouldRefusePortInUse(@TempDir Path other) {
        int taken = stack.storeEndpoint().getPort();

        assertThatThrownBy(() -> LocalStack.start(LocalStackConfig.in(other).withPorts(taken, 0)))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining("Port " + taken)
                .hasMessageContaining("Kafka");
        // The folder is free again after the refusal.
        DataLock.take(other).close();
    }

    @Test
    void shouldReportWhenKafkaWantsToEndTheProcess() {
        assertThatThrownBy(() -> Exit.halt(1, "the disk has gone"))
                .isInstanceOf(LocalStackException.class);
        assertThatThrownBy(() -> Exit.exit(3, "the disk has gone"))
                .isInstanceOf(LocalStackException.class);

        assertThat(stack.failure())
                .succeedsWithin(Duration.ofSeconds(5))
                .satisfies(e -> assertThat(e).hasMessageContaining("the disk has gone"));
    }

    @Test
    void shouldTellServicesWhereItIs() {
        assertThat(stack.environment())
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", stack.bootstrapServers())
                .containsEntry("ESPALIER_STORE_ENDPOINT", stack.storeEndpoint().toString())
                .containsEntry(
                        "ESPALIER_STORE_SECRET_KEY",
                        StoreCredentials.in(data).orElseThrow().secretKey())
                .containsEntry("ESPALIER_STORE_BUCKET", "espalier");
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }

    private static void put(MinioClient client, String key, String value, boolean ifAbsent)
            throws Exception {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        PutObjectArgs.Builder args =
                PutObjectArgs.builder().bucket(stack.bucket()).object(key).stream(
                        new ByteArrayInputStream(bytes), (long) bytes.length, -1L);
        if (ifAbsent) {
            args.extraHeaders(new Http.Headers("If-None-Match", "*"));
        }
        client.putObject(args.build());
    }

    private static boolean createIfAbsent(MinioClient client, String key, String value)
            throws Exception {
        try {
            put(client, key, value, true);
            return true;
        } catch (ErrorResponseException e) {
            if (e.response().code() == 412) {
                return false;
            }
            throw e;
        }
    }

    private static void stat(MinioClient client, String key) throws Exception {
        client.statObject(StatObjectArgs.builder().bucket(stack.bucket()).object(key).build());
    }

    private static String read(MinioClient client, String key, long offset, Long length)
            throws Exception {
        try (var in =
                client.getObject(
                        GetObjectArgs.builder()
                                .bucket(stack.bucket())
                                .object(key)
                                .offset(offset)
                                .length(length)
                                .build())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
