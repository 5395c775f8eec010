// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.LocalStack;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.testing.Bus;
import dev.espalier.testing.RealStack;
import dev.espalier.testing.Stores;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.objects.ObjectStore;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = RealStack.class,
        initArgs = {
            @ResourceArg(name = "espalier.pqi.retry.first-pause", value = "50ms"),
            @ResourceArg(name = "espalier.pqi.retry.longest-pause", value = "200ms")
        })
final class PqiServiceIT {

    private static final String SNAPSHOTS = Topic.SNAPSHOTS.topicName();
    private static final String DEAD_LETTERS = Topic.SNAPSHOTS.deadLetterName();
    private static final String MEASUREMENTS = Topic.MEASUREMENTS.topicName();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    LocalStack stack;

    @TestHTTPResource("/q/health/ready")
    URI ready;

    @TestHTTPResource("/q/health/live")
    URI live;

    @TestHTTPResource("/q/metrics")
    URI metrics;

    private final EventCodec codec = new EventCodec("/test-trainer", Clock.systemUTC());
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ObjectStore store;
    private Bus bus;

    @BeforeEach
    void connect() {
        store = Stores.of(stack);
        bus = new Bus(stack.bootstrapServers(), List.of(MEASUREMENTS, DEAD_LETTERS));
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        bus.close();
        store.close();
    }

    @Test
    void shouldMeasureASnapshotUnderItsMask() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        List<Long> shape = List.of(50L, 784L);
        MaskTensor mask = Tensors.mask(random, 0.4, shape);
        SnapshotPublished snapshot =
                snapshot(
                        "good",
                        0,
                        Tensors.file(
                                Tensors.f32("fc1.weight", shape, Tensors.gaussian(random, 39_200)),
                                Tensors.f32(
                                        "fc1.bias", List.of(50L), Tensors.gaussian(random, 50))),
                        Tensors.file(new Mask(Map.of("fc1.weight", mask))));

        bus.send(codec.write(snapshot));

        ConsumerRecord<String, byte[]> record = measurement("good", 1);
        CompressibilityMeasured event = codec.read(record, CompressibilityMeasured.class).event();
        assertThat(Bus.header(record, "ce_id")).isEqualTo("good/0/measurement");
        assertThat(Bus.header(record, "ce_source")).isEqualTo("/pqi-service");
        assertThat(Bus.header(record, "ce_causationid")).isEqualTo("good/0/snapshot");
        assertThat(event.snapshot()).isEqualTo(snapshot);
        assertThat(event.total()).isEqualTo(39_200);
        assertThat(event.global().active()).isEqualTo(mask.active());
        // Gaussian weights: 0.1528 and 0.2021 for many of them.
        assertThat(event.pqi().get(0).value()).isBetween(0.14, 0.165);
        assertThat(event.pqi().get(1).value()).isBetween(0.19, 0.215);
        byte[] stored = store.read(event.measurement().key()).orElseThrow();
        assertThat(Sha256.of(stored)).isEqualTo(event.measurement().sha256());
        Measurement document = Document.MEASUREMENT.readJson("measurement", stored);
        assertThat(document.tensors().getFirst().units().count()).isEqualTo(50);
        assertThat(document.global(_ -> true)).isEqualTo(event.global());
    }

    @Test
    void shouldPublishTheSameAgainWhenASnapshotIsRepeated() throws Exception {
        SnapshotPublished snapshot =
                snapshot(
                        "twice",
                        4,
                        Tensors.file(Tensors.f32("w.weight", List.of(1L, 3L), 1, 2, 3)),
                        null);

        bus.send(codec.write(snapshot));
        bus.send(codec.write(snapshot));

        ConsumerRecord<String, byte[]> second = measurement("twice", 2);
        ConsumerRecord<String, byte[]> first = measurement("twice", 1);
        assertThat(second.value()).isEqualTo(first.value());
        assertThat(Bus.header(second, "ce_id")).isEqualTo(Bus.header(first, "ce_id"));
    }

    @Test
    void shouldTellTheRunAndKeepTheRecordWhenAWeightIsNaN() throws Exception {
        SnapshotPublished snapshot =
                snapshot(
                        "nan",
                        2,
                        Tensors.file(Tensors.f32("w.weight", List.of(2L, 2L), 1, 2, Double.NaN, 3)),
                        null);

        bus.send(codec.write(snapshot));

        ConsumerRecord<String, byte[]> record = measurement("nan", 1);
        MeasurementFailed event = codec.read(record, MeasurementFailed.class).event();
        assertThat(event.reason().code()).isEqualTo("weight-not-finite");
        assertThat(event.reason().message()).contains("weight 2 of tensor 'w.weight' is NaN");
        ConsumerRecord<String, byte[]> dead = deadLetter("nan");
        assertThat(Bus.header(dead, "dead-letter-reason"))
                .contains("weight 2 of tensor 'w.weight'");
        assertThat(Bus.header(dead, "dead-letter-topic")).isEqualTo(SNAPSHOTS);
        assertThat(Bus.header(dead, "ce_id")).isEqualTo("nan/2/snapshot");
        assertThat(dead.value()).isEqualTo(codec.write(snapshot).value());
    }

    @Test
    void shouldKeepARecordThatIsNoEventAndGoOnWithTheNext() throws Exception {
        ProducerRecord<String, byte[]> good =
                codec.write(
                        snapshot(
                                "broken",
                                0,
                                Tensors.file(Tensors.f32("w.weight", List.of(1L, 1L), 1)),
                                null));
        bus.send(new ProducerRecord<>(SNAPSHOTS, "broken", "{ no json".getBytes(UTF_8)));
        ProducerRecord<String, byte[]> bad =
                new ProducerRecord<>(
                        SNAPSHOTS, null, "broken", "{ no json".getBytes(UTF_8), good.headers());
        bus.send(bad);
        bus.send(new ProducerRecord<>(SNAPSHOTS, null, "broken", null, good.headers()));
        bus.send(good);

        measurement("broken", 1);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(bus.on(DEAD_LETTERS, "broken")).hasSize(3));
        assertThat(bus.on(DEAD_LETTERS, "broken"))
                .extracting(dead -> Bus.header(dead, "dead-letter-reason"))
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("ce_type is missing"),
                        reason -> assertThat(reason).contains("not JSON"),
                        reason -> assertThat(reason).contains("no data"));
        assertThat(bus.on(DEAD_LETTERS, "broken").get(1).value())
                .isEqualTo("{ no json".getBytes(UTF_8));
    }

    @Test
    void shouldFailWhenTheBytesAreNotThoseOfTheReference() throws Exception {
        SnapshotPublished right =
                snapshot(
                        "wrong",
                        1,
                        Tensors.file(Tensors.f32("w.weight", List.of(1L, 1L), 1)),
                        null);
        ArtifactRef weights = right.weights();
        SnapshotPublished wrong =
                new SnapshotPublished(
                        right.runId(),
                        1,
                        new ArtifactRef(weights.uri(), Sha256.of(new byte[1]), weights.sizeBytes()),
                        null,
                        List.of(),
                        right.pairs());

        bus.send(codec.write(wrong));

        MeasurementFailed event =
                codec.read(measurement("wrong", 1), MeasurementFailed.class).event();
        assertThat(event.reason().code()).isEqualTo("artifact-corrupt");
        assertThat(event.reason().message()).contains(weights.sha256().hex());
        deadLetter("wrong");
        assertThat(store.read(ObjectKey.measurement(right.runId(), 1))).isEmpty();
    }

    @Test
    void shouldWaitForAStoreThatIsAwayAndNotBeReadyMeanwhile() throws Exception {
        SnapshotPublished snapshot =
                snapshot(
                        "away", 0, Tensors.file(Tensors.f32("w.weight", List.of(1L, 1L), 1)), null);
        await().atMost(PATIENCE).until(() -> status(ready) == 200);

        stack.stopStore();
        try {
            bus.send(codec.write(snapshot));
            await().atMost(PATIENCE).until(() -> status(ready) == 503);
            await().atMost(PATIENCE).until(() -> text(metrics).contains("outcome=\"retried\""));
            assertThat(status(live)).isEqualTo(200);
            assertThat(bus.on(MEASUREMENTS, "away")).isEmpty();
        } finally {
            stack.startStore();
        }

        codec.read(measurement("away", 1), CompressibilityMeasured.class);
        await().atMost(PATIENCE).until(() -> status(ready) == 200);
        assertThat(bus.on(DEAD_LETTERS, "away")).isEmpty();
    }

    @Test
    void shouldShowItsMeters() throws Exception {
        bus.send(
                codec.write(
                        snapshot(
                                "metered",
                                0,
                                Tensors.file(Tensors.f32("w.weight", List.of(1L, 1L), 1)),
                                null)));
        measurement("metered", 1);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(text(metrics))
                                        .contains(
                                                "espalier_measurement_duration_seconds_count{outcome=\"measured\"}",
                                                "espalier_events_total{outcome=\"processed\",type=\"dev.espalier.snapshot.published.v1\"}",
                                                "espalier_artifact_transfer_bytes_total{direction=\"download\",outcome=\"success\"}",
                                                "espalier_artifact_transfer_bytes_total{direction=\"upload\",outcome=\"success\"}"));
    }

    private ConsumerRecord<String, byte[]> measurement(String run, int nth) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(bus.on(MEASUREMENTS, run))
                                        .hasSizeGreaterThanOrEqualTo(nth));
        return bus.on(MEASUREMENTS, run).get(nth - 1);
    }

    private ConsumerRecord<String, byte[]> deadLetter(String run) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(bus.on(DEAD_LETTERS, run)).hasSize(1));
        return bus.on(DEAD_LETTERS, run).getFirst();
    }

    private SnapshotPublished snapshot(
            String run, int iteration, byte[] weights, byte @Nullable [] mask) {
        RunId id = new RunId(run);
        return new SnapshotPublished(
                id,
                iteration,
                put(ObjectKey.weights(id, iteration), weights),
                mask == null ? null : put(ObjectKey.mask(id, iteration), mask),
                List.of(),
                NormPair.DEFAULTS);
    }

    private ArtifactRef put(ObjectKey key, byte[] content) {
        assertThat(store.createIfAbsent(key, content)).isTrue();
        return ArtifactRef.of(store.bucket(), key, Sha256.of(content), content.length);
    }

    private int status(URI uri) throws IOException, InterruptedException {
        return get(uri).statusCode();
    }

    private String text(URI uri) throws IOException, InterruptedException {
        return get(uri).body();
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
