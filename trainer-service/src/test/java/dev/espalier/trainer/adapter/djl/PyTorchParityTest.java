// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.Normalisation;
import dev.espalier.trainer.domain.data.Split;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.model.Parameter;
import dev.espalier.trainer.domain.training.Batch;
import dev.espalier.trainer.domain.training.Network;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten steps beside those of PyTorch in Python, which src/test/python/golden.py wrote down. */
class PyTorchParityTest {

    private static final DjlEngine ENGINE = new DjlEngine(1);
    private static final int BATCH = 16;
    private static final int CLASSES = 10;
    private static final int STEPS = 10;

    @ParameterizedTest
    @CsvSource({"mlp, 1, 6, 1e-5", "cnn, 3, 8, 1e-3"})
    void shouldStepAsPyTorchDoes(String model, int channels, int side, double tolerance)
            throws IOException {
        ImageShape shape = new ImageShape(channels, side, side);
        Architecture architecture = Architecture.of(model, shape, CLASSES);
        List<String> actual = new ArrayList<>();
        try (Network network = ENGINE.open(architecture);
                Batch batch = new Batch(BATCH, shape, architecture.pixelOrder())) {
            begin(network);
            for (int k = 1; k <= STEPS; k++) {
                fill(batch, shape, k);
                actual.add("loss %d %.9e".formatted(k, network.step(batch, recipe(), 0.1)));
                if (k == 1 || k == STEPS) {
                    summarise(network, k, actual);
                }
            }
        }

        compare(actual, golden(model), tolerance);
    }

    private static TrainingSpec recipe() {
        return TrainingSpec.DEFAULT;
    }

    private static void begin(Network network) {
        List<Parameter> parameters = network.architecture().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            boolean isWeight = parameter.shape().size() > 1;
            double scale =
                    isWeight
                            ? 1
                                    / Math.sqrt(
                                            (double) parameter.size()
                                                    / parameter.shape().getFirst())
                            : 0.1;
            float[] values = values(i, (int) parameter.size(), scale);
            if (parameter.name().startsWith("bn") && parameter.name().endsWith("weight")) {
                for (int j = 0; j < values.length; j++) {
                    values[j] += 1;
                }
            }
            network.load(i, MemorySegment.ofArray(values));
        }
        List<Parameter> buffers = network.architecture().buffers();
        for (int i = 0; i < buffers.size(); i++) {
            float[] values = new float[(int) buffers.get(i).size()];
            java.util.Arrays.fill(values, buffers.get(i).name().endsWith("var") ? 1 : 0);
            network.loadBuffer(i, MemorySegment.ofArray(values));
        }
    }

    private static void fill(Batch batch, ImageShape shape, int k) {
        byte[] labels = new byte[BATCH];
        for (int i = 0; i < BATCH; i++) {
            labels[i] = (byte) ((i * 7 + k) % CLASSES);
        }
        Split split = Split.ofFloats(shape, values(1000 + k, BATCH * shape.size(), 1), labels);
        Normalisation identity =
                new Normalisation(
                        Collections.nCopies(shape.channels(), 0.0),
                        Collections.nCopies(shape.channels(), 1.0));
        batch.fill(split, identity, IntStream.range(0, BATCH).toArray(), 0);
    }

    /** As in golden.py. */
    private static float[] values(int seed, int count, double scale) {
        float[] values = new float[count];
        for (int j = 0; j < count; j++) {
            long hashed = (j * 2654435761L + seed * 40503L + 12345) & 0xffffffffL;
            hashed = (hashed * 1103515245L + 12345) & 0xffffffffL;
            values[j] = (float) ((hashed / 4294967296.0 - 0.5) * 2 * scale);
        }
        return values;
    }

    private static void summarise(Network network, int k, List<String> lines) {
        Architecture architecture = network.architecture();
        for (int i = 0; i < architecture.parameters().size(); i++) {
            float[] values = new float[(int) architecture.parameters().get(i).size()];
            network.store(i, MemorySegment.ofArray(values));
            lines.add(summary(k, architecture.parameters().get(i).name(), values));
        }
        for (int i = 0; i < architecture.buffers().size(); i++) {
            float[] values = new float[(int) architecture.buffers().get(i).size()];
            network.storeBuffer(i, MemorySegment.ofArray(values));
            lines.add(summary(k, architecture.buffers().get(i).name(), values));
        }
    }

    private static String summary(int k, String name, float[] values) {
        double sum = 0;
        double absolute = 0;
        for (float value : values) {
            sum += value;
            absolute += Math.abs(value);
        }
        StringBuilder line =
                new StringBuilder("after %d %s %.9e %.9e".formatted(k, name, sum, absolute));
        int stride = Math.max(1, values.length / 8);
        for (int i = 0; i < 8 && i * stride < values.length; i++) {
            line.append(" %.9e".formatted(values[i * stride]));
        }
        return line.toString();
    }

    private static List<String> golden(String model) throws IOException {
        try (InputStream in =
                PyTorchParityTest.class.getResourceAsStream("/golden/" + model + ".txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    /** Lines come in another order, for a state_dict has buffers between parameters. */
    private static void compare(List<String> actual, List<String> expected, double tolerance) {
        List<String> a = actual.stream().sorted().toList();
        List<String> e = expected.stream().sorted().toList();
        assertThat(a).hasSameSizeAs(e);
        for (int i = 0; i < a.size(); i++) {
            List<String> left = List.of(a.get(i).split(" ", -1));
            List<String> right = List.of(e.get(i).split(" ", -1));
            int words = left.getFirst().equals("loss") ? 2 : 3;
            assertThat(left.subList(0, words)).isEqualTo(right.subList(0, words));
            for (int j = words; j < left.size(); j++) {
                // A sum may cancel, so its error is measured by the sum of magnitudes.
                int of = words == 3 && j == 3 ? 4 : j;
                double size = Math.max(1, Math.abs(Double.parseDouble(right.get(of))));
                assertThat(Double.parseDouble(left.get(j)))
                        .as(a.get(i))
                        .isCloseTo(Double.parseDouble(right.get(j)), within(tolerance * size));
            }
        }
    }
}
