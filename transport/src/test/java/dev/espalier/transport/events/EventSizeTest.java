// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.CompressibilityMeasured.TensorIndex;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.PruningDecided.TensorCount;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event stays below 256 KiB, however many tensors a model has. */
final class EventSizeTest {

    private static final RunId RUN = new RunId("large");
    private static final GroupIndex INDEX = new GroupIndex(0.5, 1, 0.3050795787803614, 13.9);

    private final EventCodec codec =
            new EventCodec("/test", InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 7000, 100_000})
    void shouldKeepAMeasurementSmall(int tensors) {
        Event read = readBack(measured(tensors));

        assertThat(read)
                .isInstanceOfSatisfying(
                        CompressibilityMeasured.class,
                        event ->
                                assertThat(
                                                event.tensorsInObject() == null
                                                        ? event.tensors().size()
                                                        : event.tensorsInObject())
                                        .isEqualTo(tensors));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 13_056, 100_000})
    void shouldKeepADecisionSmall(int tensors) {
        Event read = readBack(decided(tensors));

        assertThat(read)
                .isInstanceOfSatisfying(
                        PruningDecided.class,
                        event -> {
                            assertThat(
                                            event.tensorsInObject() == null
                                                    ? event.tensors().size()
                                                    : event.tensorsInObject())
                                    .isEqualTo(tensors);
                            assertThat(event.active()).isEqualTo(10L * tensors);
                        });
    }

    @Test
    void shouldLeaveASmallEventAsItIs() {
        assertThat(readBack(decided(100))).isEqualTo(decided(100));
        assertThat(readBack(measured(100))).isEqualTo(measured(100));
    }

    @Test
    void shouldRefuseASpecificationAboveTheLimit() {
        var record =
                new ConsumerRecord<>(
                        Topic.RUNS.topicName(),
                        0,
                        7,
                        "tiny",
                        new byte[EventCodec.MAX_WRITTEN_BYTES + 1]);
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "tiny/requested-running-0",
                        "ce_source", "/test",
                        "ce_type", EventType.RUN_REQUESTED.typeName(),
                        "content-type", "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));

        assertThatThrownBy(() -> codec.read(record))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining(
                        "65,537 bytes; a specification or a policy has at most 65,536");
    }

    private Event readBack(Event event) {
        ProducerRecord<String, byte[]> written = codec.write(event);
        assertThat(written.value()).hasSizeLessThanOrEqualTo(EventCodec.MAX_DATA_BYTES);
        var record = new ConsumerRecord<>(written.topic(), 0, 7, written.key(), written.value());
        written.headers().forEach(record.headers()::add);
        return codec.read(record).event();
    }

    private static String name(int i) {
        return "transformer.layers.%d.self_attention.query_key_value.weight".formatted(i);
    }

    private static ArtifactRef ref(ObjectKey key) {
        return ArtifactRef.of("espalier", key, Sha256.of(new byte[1]), 1);
    }

    private static CompressibilityMeasured measured(int tensors) {
        var snapshot =
                new SnapshotPublished(
                        RUN,
                        0,
                        ref(ObjectKey.weights(RUN, 0)),
                        null,
                        List.of(),
                        List.of(new NormPair(0.5, 1)));
        return new CompressibilityMeasured(
                RUN,
                0,
                snapshot,
                ref(ObjectKey.measurement(RUN, 0)),
                10L * tensors,
                new PowerSums(List.of(0.5, 1.0), 10L * tensors, List.of(1.0, 2.0)),
                List.of(INDEX),
                IntStream.range(0, tensors)
                        .mapToObj(i -> new TensorIndex(name(i), 10, 10, List.of(INDEX)))
                        .toList());
    }

    private static PruningDecided decided(int tensors) {
        return new PruningDecided(
                RUN,
                0,
                Verdict.PRUNE,
                null,
                new Reason("sap-bound", "5 of 20 active weights lie outside the bound"),
                new PolicyRef("sap-default", "aa18ec1240ea", "built-in"),
                ref(ObjectKey.mask(RUN, 1)),
                10L * tensors,
                10L * tensors,
                tensors,
                1.0,
                INDEX,
                List.of(new Metric("accuracy", "test", 0.97)),
                IntStream.range(0, tensors).mapToObj(i -> new TensorCount(name(i), 10, 1)).toList(),
                null,
                null,
                List.of(
                        new ShadowOutcome(
                                "fixed",
                                tensors,
                                0L,
                                IntStream.range(0, tensors)
                                        .mapToObj(
                                                i -> new ShadowOutcome.TensorOutcome(name(i), 1, 0))
                                        .toList(),
                                null)),
                null);
    }
}
