// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.testing.LargeSnapshot;
import dev.espalier.controller.testing.Policies;
import dev.espalier.local.LocalStack;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.MaskFile;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import dev.espalier.schemas.testing.Specifications;
import dev.espalier.testing.Bus;
import dev.espalier.testing.Stores;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.objects.ArtifactFetcher;
import dev.espalier.transport.objects.LocalArtifact;
import dev.espalier.transport.objects.S3ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A decision on a snapshot far larger than the heap of the real service, through a real broker and
 * a real store. Run by hand, for it takes minutes and four times the snapshot's size on disk:
 *
 * <pre>{@code
 * mvn -B -pl pruning-controller -am -Dquick package
 * mvn -B -pl pruning-controller -am -Dtest=LargeDecisionCheck -Dsurefire.failIfNoSpecifiedTests=false test
 * }</pre>
 *
 * The number of tensors, 128 MiB each, is {@code large.tensors}, 48 by default.
 */
final class LargeDecisionCheck {

    private static final int TENSORS = Integer.getInteger("large.tensors", 48);
    private static final RunId RUN = new RunId("large");
    private static final String DECISIONS = Topic.DECISIONS.topicName();
    private static final List<Double> EXPONENTS = List.of(0.5, 1.0, 2.0);

    private final EventCodec codec = new EventCodec("/large-decision", Clock.systemUTC());

    @Test
    void shouldDecideByLayersWithin256MegabytesOfHeap(@TempDir Path folder) throws Exception {
        Path weights = folder.resolve("weights.safetensors");
        Path mask = folder.resolve("mask.safetensors");
        LargeSnapshot.writeWeights(weights, TENSORS);
        LargeSnapshot.writeMask(mask, TENSORS);
        try (LocalStack stack = LocalStack.temporary();
                S3ObjectStore store = store(stack);
                Bus bus = new Bus(stack.bootstrapServers(), List.of(DECISIONS))) {
            CompressibilityMeasured event = measured(store, weights, mask, folder);
            Process service = start(stack, folder);
            try {
                request(bus);
                long start = System.nanoTime();
                bus.send(codec.write(event));
                Awaitility.await()
                        .atMost(Duration.ofMinutes(20))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> !service.isAlive() || !bus.on(DECISIONS, "large").isEmpty());
                print(
                        "decided on %d bytes within %.1f s"
                                .formatted(Files.size(weights), (System.nanoTime() - start) / 1e9));
                report(service, folder);
                PruningDecided decided =
                        codec.read(bus.on(DECISIONS, "large").getFirst(), PruningDecided.class)
                                .event();
                assertThat(decided.verdict()).isEqualTo(Verdict.PRUNE);
                requireExact(store, decided, weights, mask, folder);
            } finally {
                service.destroy();
                service.waitFor();
            }
        }
    }

    private static CompressibilityMeasured measured(
            S3ObjectStore store, Path weights, Path mask, Path folder) throws IOException {
        ArtifactRef weightsRef = store.upload(ObjectKey.weights(RUN, 1), weights);
        ArtifactRef maskRef = store.upload(ObjectKey.mask(RUN, 1), mask);
        var snapshot =
                new SnapshotPublished(RUN, 1, weightsRef, maskRef, List.of(), NormPair.DEFAULTS);
        var measurement =
                new Measurement(
                        RUN,
                        1,
                        weightsRef,
                        maskRef,
                        EXPONENTS,
                        NormPair.DEFAULTS,
                        LargeSnapshot.measured(weights, mask, EXPONENTS),
                        List.of());
        Path json = folder.resolve("measurement.json");
        try (OutputStream out = Files.newOutputStream(json)) {
            Json.write(out, measurement);
        }
        return new CompressibilityMeasured(
                RUN,
                1,
                snapshot,
                store.upload(ObjectKey.measurement(RUN, 1), json),
                measurement.total(),
                PowerSums.none(EXPONENTS),
                List.of(),
                List.of());
    }

    private void request(Bus bus) throws Exception {
        var specification = Specifications.external(20, Policies.sap(Scope.LAYER));
        bus.send(
                codec.write(
                        new RunRequested(
                                RUN,
                                DesiredState.RUNNING,
                                specification,
                                Instant.ofEpochMilli(1))));
    }

    private static void requireExact(
            S3ObjectStore store, PruningDecided decided, Path weights, Path mask, Path folder)
            throws IOException {
        Map<String, Long> planned = new HashMap<>();
        decided.tensors().forEach(count -> planned.put(count.tensor(), count.pruned()));
        try (LocalArtifact made = new ArtifactFetcher(store, folder).fetch(decided.mask());
                MaskFile to = MaskFile.open(made.file());
                MaskFile from = MaskFile.open(mask);
                FileSource source = FileSource.open(weights)) {
            for (TensorInfo tensor : SafetensorsHeader.read(source).tensors()) {
                long gone =
                        LargeSnapshot.gone(
                                source,
                                tensor,
                                from.mask().tensor(tensor.name()),
                                to.mask().tensor(tensor.name()));
                assertThat(gone).isPositive().isEqualTo(planned.get(tensor.name()));
            }
        }
        print("%d of %d active weights went".formatted(decided.pruned(), decided.active()));
    }

    private static void report(Process service, Path folder) throws IOException {
        Path status = Path.of("/proc/" + service.pid() + "/status");
        if (Files.exists(status)) {
            Files.readAllLines(status).stream()
                    .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile):.*"))
                    .forEach(LargeDecisionCheck::print);
        }
        Files.readAllLines(folder.resolve("service.log")).stream()
                .filter(line -> line.matches(".*(Decided|Masks are made|ERROR|WARN|Exception).*"))
                .forEach(LargeDecisionCheck::print);
        Files.readAllLines(folder.resolve("gc.log")).stream()
                .filter(line -> line.matches(".*Pause .*->.*"))
                .reduce((a, b) -> peak(a) > peak(b) ? a : b)
                .ifPresent(line -> print("largest heap before a collection: " + line));
    }

    private static int peak(String line) {
        return Integer.parseInt(line.replaceAll(".* (\\d+)M->.*", "$1"));
    }

    private static Process start(LocalStack stack, Path folder) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xlog:gc:file=" + folder.resolve("gc.log"),
                        "-Dquarkus.http.port=0",
                        "-Despalier.controller.work-folder=" + folder.resolve("service"),
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar").toString());
        builder.environment().putAll(stack.environment());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
    }

    private static S3ObjectStore store(LocalStack stack) {
        return Stores.of(stack);
    }

    private static void print(String line) {
        System.out.println("large: " + line);
    }
}
