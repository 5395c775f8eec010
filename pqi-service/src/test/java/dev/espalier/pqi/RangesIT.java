// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.LocalStack;
import dev.espalier.local.host.Ports;
import dev.espalier.local.process.ServiceProcess;
import dev.espalier.local.process.ServiceSpec;
import dev.espalier.pqi.application.MeasureSnapshot;
import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.testing.Bus;
import dev.espalier.testing.Stores;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.objects.S3ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One snapshot, measured in one hop, and then in ranges by processes of the packaged service: by
 * three replicas with 1, 2 and 4 threads, by three of which two are killed, by one. The document is
 * removed in between, as the bytes of one and the same are compared.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RangesIT {

    private static final RunId RUN = new RunId("large");
    private static final ObjectKey KEY = ObjectKey.measurement(RUN, 0);
    private static final String MEASUREMENTS = Topic.MEASUREMENTS.topicName();
    private static final String RANGES = Topic.RANGES.topicName();
    private static final String GROUP = "pqi-service-ranges";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventCodec codec = new EventCodec("/test-trainer", Clock.systemUTC());
    private final List<ServiceProcess> replicas = new ArrayList<>();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private LocalStack stack;
    private S3ObjectStore store;
    private Bus bus;
    private SnapshotPublished snapshot;
    private byte[] expected;

    @BeforeAll
    void measureInOneHop(@TempDir Path folder) {
        stack = LocalStack.temporary();
        store = Stores.of(stack);
        start(0, 1);
        start(1, 2);
        start(2, 4);
        bus = new Bus(stack.bootstrapServers(), List.of(MEASUREMENTS, RANGES));
        snapshot = store();
        assertThat(
                        new MeasureSnapshot(
                                        store,
                                        new SnapshotMeasurer(new ScalarPowerSums()),
                                        new ReadAhead(1 << 20, 4),
                                        folder)
                                .measure(snapshot))
                .isInstanceOf(MeasurementOutcome.Measured.class);
        expected = store.read(KEY).orElseThrow();
        replicas.forEach(replica -> replica.awaitReady(PATIENCE));
    }

    @AfterAll
    void stop() throws InterruptedException {
        replicas.forEach(ServiceProcess::kill);
        if (bus != null) {
            bus.close();
        }
        if (store != null) {
            store.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    @Order(1)
    void invariant4ShouldGiveTheSameBytesOnThreeReplicas() throws Exception {
        await().atMost(PATIENCE).until(() -> members() == 3);

        assertThat(measure(() -> true)).isEqualTo(expected);

        assertThat(bus.on(RANGES)).hasSizeGreaterThan(12);
        assertThat(replicas)
                .allSatisfy(
                        replica ->
                                assertThat(log)
                                        .anyMatch(
                                                line ->
                                                        line.startsWith(replica.name() + " |")
                                                                && line.contains("Stored in ")));
        await().atMost(PATIENCE).until(() -> parts().isEmpty());
    }

    @Test
    @Order(2)
    void invariant5ShouldGiveTheSameBytesWhenTwoReplicasAreKilledMidway() throws Exception {
        List<ServiceProcess> victims = replicas.subList(1, 3);

        byte[] document =
                measure(
                        () -> {
                            if (victims.getFirst().isAlive() && !parts().isEmpty()) {
                                victims.forEach(ServiceProcess::kill);
                            }
                            return !victims.getFirst().isAlive();
                        });

        assertThat(document).isEqualTo(expected);
        await().atMost(PATIENCE).until(() -> members() == 1);
    }

    @Test
    @Order(3)
    void invariant4ShouldGiveTheSameBytesOnOneReplica() throws Exception {
        int before = bus.on(RANGES).size();

        assertThat(measure(() -> true)).isEqualTo(expected);

        assertThat(bus.on(RANGES).size()).isGreaterThan(before);
        await().atMost(PATIENCE).until(() -> parts().isEmpty());
    }

    /** The document, and that every event says the same of it. */
    private byte[] measure(BooleanSupplier meanwhile)
            throws InterruptedException, ExecutionException {
        store.delete(KEY);
        int before = bus.on(MEASUREMENTS, RUN.value()).size();
        bus.send(codec.write(snapshot));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () ->
                                meanwhile.getAsBoolean()
                                        && bus.on(MEASUREMENTS, RUN.value()).size() > before
                                        && store.size(KEY).isPresent());
        List<ConsumerRecord<String, byte[]>> events = bus.on(MEASUREMENTS, RUN.value());
        assertThat(events)
                .extracting(event -> new String(event.value(), UTF_8))
                .containsOnly(new String(events.getFirst().value(), UTF_8));
        return store.read(KEY).orElseThrow();
    }

    private List<ObjectKey> parts() {
        return store.list(ObjectKey.rangePrefix(RUN, 0));
    }

    private void start(int number, int threads) {
        Path runner = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
        int port = Ports.free();
        ServiceProcess replica =
                ServiceProcess.start(
                        ServiceSpec.quarkus("pqi-" + number, runner, port)
                                .withJvmFlags("-Xmx128m")
                                .withEnvironment(stack.environment())
                                .withEnvironment(
                                        Map.of(
                                                "QUARKUS_HTTP_PORT",
                                                Integer.toString(port),
                                                "INSTANCE_ID",
                                                "pqi-" + number,
                                                "ESPALIER_PQI_THREADS",
                                                Integer.toString(threads),
                                                "ESPALIER_PQI_RANGES_ABOVE",
                                                "1M",
                                                "ESPALIER_PQI_RANGES_SIZE",
                                                "1M",
                                                "MP_MESSAGING_INCOMING_SNAPSHOTS_SESSION_TIMEOUT_MS",
                                                "6000",
                                                "MP_MESSAGING_INCOMING_RANGES_SESSION_TIMEOUT_MS",
                                                "6000",
                                                "KAFKA_HEARTBEAT_INTERVAL_MS",
                                                "500")),
                        log::add,
                        _ -> {});
        replicas.add(replica);
    }

    /** How many replicas have a share of the ranges. */
    private long members() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            ConsumerGroupDescription group =
                    admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP);
            return group.members().stream()
                    .map(MemberDescription::assignment)
                    .filter(assignment -> !assignment.topicPartitions().isEmpty())
                    .count();
        }
    }

    private SnapshotPublished store() {
        SplittableRandom random = new SplittableRandom(11);
        List<Long> shape = List.of(5L, 300_001L);
        List<TensorData> tensors = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tensors.add(Tensors.f32(i + ".weight", shape, Tensors.gaussian(random, 5 * 300_001)));
        }
        tensors.add(
                Tensors.tensor(
                        "half.weight",
                        DType.BF16,
                        List.of(3_001L, 97L),
                        Tensors.gaussian(random, 3_001 * 97)));
        return new SnapshotPublished(
                RUN,
                0,
                put(ObjectKey.weights(RUN, 0), Tensors.file(tensors.toArray(TensorData[]::new))),
                put(
                        ObjectKey.mask(RUN, 0),
                        Tensors.file(
                                new Mask(Map.of("1.weight", Tensors.mask(random, 0.5, shape))))),
                List.of(),
                NormPair.DEFAULTS);
    }

    private ArtifactRef put(ObjectKey key, byte[] content) {
        assertThat(store.createIfAbsent(key, content)).isTrue();
        return ArtifactRef.of(store.bucket(), key, Sha256.of(content), content.length);
    }
}
