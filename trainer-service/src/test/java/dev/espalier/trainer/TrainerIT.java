// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.LocalStack;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import dev.espalier.testing.RealStack;
import dev.espalier.trainer.domain.data.IdxFolder;
import dev.espalier.transport.objects.ArtifactFetcher;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service against a real broker and a real store; the test decides. */
@QuarkusTest
@WithTestResource(RealStack.class)
class TrainerIT {

    @TempDir static Path folder;

    LocalStack stack;

    @TestHTTPResource("/q/")
    URI management;

    private Counterpart others;

    @BeforeEach
    void connect() {
        others = new Counterpart(stack);
    }

    @AfterEach
    void disconnect() {
        others.close();
    }

    @Test
    void shouldTrainWhatIsAskedAndObeyEveryDecision() throws IOException {
        RunId run = new RunId("obedient");
        request(run, mnist());

        SnapshotPublished first = others.awaitSnapshot(run, 0);
        MaskTensor half = MaskTensor.ones(List.of(128L, 36L));
        for (int i = 0; i < 128 * 36; i += 2) {
            half.clear(i);
        }
        ArtifactRef mask = others.putMask(run, 1, new Mask(Map.of("fc1.weight", half)));
        others.decide(run, 0, Verdict.PRUNE, mask);
        SnapshotPublished second = others.awaitSnapshot(run, 1);
        others.decide(run, 1, Verdict.STOP, null);
        RunStatus last = others.awaitState(run, ReportedState.COMPLETED);

        assertThat(first.mask()).isNull();
        assertThat(second.mask()).isEqualTo(mask);
        assertThat(second.weights().key()).isEqualTo(ObjectKey.weights(run, 1));
        assertThat(others.of(run, EpochCompleted.class)).hasSize(6);
        assertThat(last.progress()).isEqualTo(1);
        assertThat(others.store.list(ObjectKey.prefix(run)))
                .extracting(ObjectKey::value)
                .containsExactly(
                        "runs/obedient/checkpoints/000000.json",
                        "runs/obedient/checkpoints/000001.json",
                        "runs/obedient/initial.safetensors",
                        "runs/obedient/iterations/000000/weights.safetensors",
                        "runs/obedient/iterations/000001/mask.safetensors",
                        "runs/obedient/iterations/000001/weights.safetensors",
                        "runs/obedient/specification.json");
        float[] weights = load(second.weights(), "fc1.weight");
        for (int i = 0; i < weights.length; i++) {
            assertThat(weights[i] == 0).isEqualTo(!half.get(i));
        }
    }

    @Test
    void shouldTrainOnGeneratedData() {
        RunId run = new RunId("waves");
        request(run, specification("mlp", new DatasetSpec("wave-source", null), 2));

        SnapshotPublished snapshot = others.awaitSnapshot(run, 0);

        assertThat(snapshot.metrics())
                .anySatisfy(
                        metric -> {
                            assertThat(metric.name()).isEqualTo("accuracy");
                            assertThat(metric.value()).isGreaterThan(0.8);
                        });
    }

    @Test
    void shouldReportWhyARunCannotBeTrained() {
        RunId run = new RunId("unknown-data");
        request(run, specification("mlp", new DatasetSpec("imagenet", null), 1));

        RunStatus status = others.awaitState(run, ReportedState.FAILED);

        assertThat(Objects.requireNonNull(status.reason()).message())
                .startsWith("Unknown dataset 'imagenet'")
                .contains("wave-source");
    }

    @Test
    void shouldPutAsideWhatIsNoEventAndGoOn() {
        for (Topic topic : List.of(Topic.RUNS, Topic.DECISIONS)) {
            others.send(new ProducerRecord<>(topic.topicName(), "junk", "no JSON".getBytes(UTF_8)));
        }
        RunId run = new RunId("after-junk");
        request(run, mnist());
        others.awaitSnapshot(run, 0);

        for (Topic topic : List.of(Topic.RUNS, Topic.DECISIONS)) {
            ConsumerRecord<String, byte[]> letter = deadLetter(topic);
            assertThat(letter.value()).isEqualTo("no JSON".getBytes(UTF_8));
            assertThat(new String(letter.headers().lastHeader("dead-letter-reason").value(), UTF_8))
                    .contains("ce_type");
        }
    }

    @Test
    void shouldGoOnAfterTheStoreAndTheBrokerWereAway() {
        RunId run = new RunId("outages");
        request(run, mnist());
        others.awaitSnapshot(run, 0);
        stack.stopStore();
        others.decide(run, 0, Verdict.KEEP, null);
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                others.of(run, RunStatus.class)
                                        .anyMatch(
                                                s ->
                                                        s.reason() != null
                                                                && s.reason()
                                                                        .code()
                                                                        .equals(
                                                                                "waiting-for-infrastructure")));
        stack.startStore();
        others.awaitSnapshot(run, 1);

        stack.stopKafka();
        stack.startKafka();
        others.decide(run, 1, Verdict.STOP, null);

        assertThat(others.awaitState(run, ReportedState.COMPLETED).reason()).isNotNull();
    }

    @Test
    void shouldBeHealthyAndMeasured() throws Exception {
        RunId run = new RunId("measured");
        request(run, mnist());
        others.awaitSnapshot(run, 0);

        assertThat(get("health/ready")).contains("\"status\": \"UP\"");
        assertThat(get("health/live")).contains("training thread");
        assertThat(get("metrics"))
                .contains("espalier_iterations_total{outcome=\"success\"")
                .contains("espalier_epoch_duration_seconds_count")
                .contains("espalier_checkpoint_duration_seconds_count{outcome=\"success\"")
                .contains("espalier_events_total{outcome=\"processed\"");
    }

    private void request(RunId run, RunSpecification specification) {
        others.send(new RunRequested(run, DesiredState.RUNNING, specification, Instant.now()));
    }

    private static RunSpecification mnist() {
        IdxFolder.write(folder, 430, 100);
        return specification("mlp", new DatasetSpec("mnist", folder.toString()), 3);
    }

    private static RunSpecification specification(String model, DatasetSpec data, int epochs) {
        return new RunSpecification(
                TrainerKind.ESPALIER,
                model,
                data,
                new TrainingSpec(epochs, 50, 0.1, 0.9, true, 5e-4, 1, TrainingSpec.Schedule.COSINE),
                1,
                Rewind.INITIAL,
                1,
                List.of(),
                null);
    }

    private float[] load(ArtifactRef ref, String name) throws IOException {
        ArtifactFetcher fetcher = new ArtifactFetcher(others.store, folder);
        try (ByteSource source = fetcher.fetch(ref);
                Arena scope = Arena.ofConfined()) {
            TensorInfo info = SafetensorsHeader.read(source).tensor(name).orElseThrow();
            MemorySegment bytes = scope.allocate(info.byteSize(), 4);
            source.read(info.offset(), bytes);
            return bytes.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private ConsumerRecord<String, byte[]> deadLetter(Topic topic) {
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", stack.bootstrapServers()),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            Set<TopicPartition> partitions =
                    consumer.partitionsFor(topic.deadLetterName()).stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .collect(java.util.stream.Collectors.toSet());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> consumer.poll(Duration.ofMillis(200)).iterator(),
                            java.util.Iterator::hasNext)
                    .next();
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(management.resolve(path)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
