// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.local.LocalStack;
import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.KernelChoice;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.MaskFile;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.testing.Bus;
import dev.espalier.testing.Stores;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.objects.S3ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A snapshot far larger than the heap of the real service, through a real broker and a real store.
 * Run by hand, for it takes minutes and three times the snapshot's size on disk:
 *
 * <pre>{@code
 * mvn -B -pl pqi-service -am -DskipTests package
 * mvn -B -pl pqi-service -am -Dtest=LargeSnapshotCheck -Dsurefire.failIfNoSpecifiedTests=false test
 * }</pre>
 *
 * It needs {@code target/quarkus-app}; {@code -DargLine} may set {@code large.tensors} (128 MiB
 * each, 48 by default) and {@code large.app}.
 */
final class LargeSnapshotCheck {

    private static final int TENSORS = Integer.getInteger("large.tensors", 48);
    private static final List<Long> SHAPE = List.of(8192L, 8192L);
    private static final long TENSOR_BYTES = 2L * 8192 * 8192;
    private static final RunId RUN = new RunId("large");
    private static final String TOPIC = "espalier.measurements";

    @Test
    void shouldMeasureWithin256MegabytesOfHeap(@TempDir Path folder) throws Exception {
        Path weights = folder.resolve("weights.safetensors");
        Path mask = folder.resolve("mask.safetensors");
        writeWeights(weights);
        writeMask(mask);
        try (LocalStack stack = LocalStack.temporary();
                S3ObjectStore store = store(stack);
                Bus bus = new Bus(stack.bootstrapServers(), List.of(TOPIC))) {
            ArtifactRef weightsRef = store.upload(ObjectKey.weights(RUN, 0), weights);
            ArtifactRef maskRef = store.upload(ObjectKey.mask(RUN, 0), mask);
            SnapshotPublished snapshot =
                    new SnapshotPublished(
                            RUN, 0, weightsRef, maskRef, List.of(), NormPair.DEFAULTS);
            Process service = start(stack, folder);
            try {
                EventCodec codec = new EventCodec("/large-snapshot", Clock.systemUTC());
                bus.send(codec.write(snapshot));
                Awaitility.await()
                        .atMost(Duration.ofMinutes(20))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> !service.isAlive() || !bus.on(TOPIC, RUN.value()).isEmpty());
                report(service, weightsRef, folder);
                CompressibilityMeasured event =
                        codec.read(
                                        bus.on(TOPIC, RUN.value()).getFirst(),
                                        CompressibilityMeasured.class)
                                .event();
                requireSame(store, event, weights, mask);
            } finally {
                service.destroy();
                service.waitFor();
            }
        }
    }

    private static void requireSame(
            S3ObjectStore store, CompressibilityMeasured event, Path weights, Path mask)
            throws IOException {
        byte[] json = store.read(event.measurement().key()).orElseThrow();
        Measurement stored =
                Document.MEASUREMENT.readLongJson("measurement", new ByteArrayInputStream(json));
        KernelChoice kernel = KernelChoice.of(KernelChoice.Preference.AUTO);
        try (FileSource source = FileSource.open(weights);
                MaskFile active = MaskFile.open(mask)) {
            long start = System.nanoTime();
            MeasuredSnapshot local =
                    new SnapshotMeasurer(kernel.kernel())
                            .measure(source, active.mask(), NormPair.DEFAULTS);
            print("one thread, from the file: %.1f s".formatted(seconds(start)));
            print("measurement.json: %.1f MB".formatted(json.length / 1e6));
            assertThat(stored.tensors().equals(local.tensors())).isTrue();
        }
    }

    private static void report(Process service, ArtifactRef weights, Path folder)
            throws IOException {
        print("snapshot: %d bytes".formatted(weights.sizeBytes()));
        Path status = Path.of("/proc/" + service.pid() + "/status");
        if (Files.exists(status)) {
            Files.readAllLines(status).stream()
                    .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile):.*"))
                    .forEach(LargeSnapshotCheck::print);
        }
        Files.readAllLines(folder.resolve("service.log")).stream()
                .filter(line -> line.contains("Measured") || line.contains("Power sums"))
                .forEach(LargeSnapshotCheck::print);
        Files.readAllLines(folder.resolve("gc.log")).stream()
                .filter(line -> line.matches(".*Pause .*->.*"))
                .reduce((a, b) -> peak(a) > peak(b) ? a : b)
                .ifPresent(line -> print("largest heap before a collection: " + line));
    }

    private static int peak(String line) {
        return Integer.parseInt(line.replaceAll(".* (\\d+)M->.*", "$1"));
    }

    private static Process start(LocalStack stack, Path folder) throws IOException {
        Path app = Path.of(System.getProperty("large.app", "target/quarkus-app"));
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xlog:gc:file=" + folder.resolve("gc.log"),
                        "-Dquarkus.http.port=0",
                        "-jar",
                        app.resolve("quarkus-run.jar").toAbsolutePath().toString());
        builder.environment().putAll(stack.environment());
        builder.environment().put("ESPALIER_PQI_FOLDER", folder.resolve("service").toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
    }

    private static S3ObjectStore store(LocalStack stack) {
        return Stores.of(stack);
    }

    /** Gaussian numbers; a million of them again and again, each time from another place on. */
    private static void writeWeights(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(6);
        byte[] numbers = new byte[2 << 20];
        ByteBuffer buffer = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            float value = (float) (0.02 * random.nextGaussian());
            buffer.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < TENSORS; i++) {
            entries.add(
                    "\"layer.%02d.weight\":{\"dtype\":\"BF16\",\"shape\":[8192,8192],\"data_offsets\":[%d,%d]}"
                            .formatted(i, i * TENSOR_BYTES, (i + 1) * TENSOR_BYTES));
        }
        byte[] json = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[Math.ceilDiv(8 + json.length, 64) * 64];
        Arrays.fill(header, (byte) ' ');
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length - 8).put(json);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(header);
            for (long left = TENSORS * TENSOR_BYTES; left > 0; ) {
                int from = 2 * random.nextInt(1 << 19);
                int n = (int) Math.min(left, numbers.length - from);
                out.write(numbers, from, n);
                left -= n;
            }
        }
    }

    private static void writeMask(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, List<Long>> shapes = new TreeMap<>();
        for (int i = 0; i < TENSORS; i++) {
            shapes.put("layer.%02d.weight".formatted(i), SHAPE);
        }
        try (MaskFile mask = MaskFile.create(file, shapes)) {
            for (MaskTensor tensor : mask.mask().tensors().values()) {
                for (int i = 0; i < tensor.wordCount(); i++) {
                    long some = random.nextLong();
                    tensor.setWord(i, some | random.nextLong());
                }
            }
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void print(String line) {
        System.out.println("large: " + line);
    }
}
