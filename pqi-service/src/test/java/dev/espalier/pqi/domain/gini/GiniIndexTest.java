// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.gini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.pqi.domain.SnapshotLayout;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.SnapshotSums;
import dev.espalier.pqi.domain.TensorPart;
import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.testing.BytesSource;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.sparsity.GiniIndex;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.testing.Seeded;
import dev.espalier.transport.documents.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Gini index against its definition, Σ(2k−d−1)·c_k / (d·Σc) after sorting, and its six
 * properties (Hurley and Rickard, 2009), all up to the bound that it states itself.
 */
final class GiniIndexTest {

    private static final List<DType> TYPES = List.of(DType.F32, DType.F16, DType.BF16, DType.F64);

    @Test
    void shouldBeThatOfTheLiterature() throws IOException {
        GiniIndex gini = gini(DType.F32, 4, -2, 3, 1);

        assertThat(gini.value()).isCloseTo(0.25, within(1e-15));
        assertThat(gini.errorBound()).isLessThan(1e-15);
    }

    @Seeded
    void shouldBeWithinItsBoundOfTheDefinition(RandomGenerator random) throws IOException {
        DType type = TYPES.get(random.nextInt(4));
        double[] w = new double[1 + random.nextInt(5_000)];
        double spread = random.nextDouble(1e-3, 3);
        for (int i = 0; i < w.length; i++) {
            w[i] = random.nextInt(10) == 0 ? 0 : 1 + spread * random.nextGaussian();
        }
        w[0] = 1;
        List<Long> shape = List.of(1L, (long) w.length);
        MaskTensor mask = Tensors.mask(random, 0.7, shape);
        mask.set(0);

        GiniIndex gini =
                Objects.requireNonNull(
                        new SnapshotMeasurer(new ScalarPowerSums(), 2)
                                .measure(
                                        new BytesSource(
                                                Tensors.file(
                                                        Tensors.tensor(
                                                                "w.weight", type, shape, w))),
                                        new Mask(Map.of("w.weight", mask)),
                                        NormPair.DEFAULTS,
                                        true)
                                .gini());

        double[] rounded = Tensors.rounded(type, w);
        double[] active =
                IntStream.range(0, w.length)
                        .filter(i -> (mask.word(i >> 6) >>> (i & 63) & 1) == 1)
                        .mapToDouble(i -> rounded[i])
                        .toArray();
        assertThat(gini.value()).isCloseTo(defined(active), within(gini.errorBound() + 1e-13));
        assertThat(gini.errorBound()).isLessThan(0x1p-11 + 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"gaussian, 0.41421356", "exponential, 0.5", "uniform, 0.33333333"})
    void shouldTendToTheIndexOfTheDistribution(String name, double limit) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        double[] w = new double[400_000];
        for (int i = 0; i < w.length; i++) {
            w[i] =
                    switch (name) {
                        case "gaussian" -> random.nextGaussian();
                        case "exponential" -> random.nextExponential();
                        default -> random.nextDouble();
                    };
        }

        GiniIndex gini = gini(DType.F32, w);

        assertThat(gini.value()).isCloseTo(limit, within(2e-3));
        assertThat(gini.errorBound()).isLessThan(5e-6);
        assertThat(gini.value())
                .isCloseTo(
                        defined(Tensors.rounded(DType.F32, w)), within(gini.errorBound() + 1e-12));
    }

    @Test
    void shouldKnowNoGroupTooSmallOrTooLarge() throws IOException {
        assertThat(gini(DType.F32, 1e-45, 1e-45, 3e-45).value())
                .isCloseTo(defined(1, 1, 2), within(1e-12));
        assertThat(gini(DType.F32, 1e38, 2e38, 3e38).value())
                .isCloseTo(defined(1, 2, 3), within(1e-7));
        assertThat(gini(DType.F64, 1e-310, 3e-310).value()).isCloseTo(0.25, within(1e-4));
        assertThat(gini(DType.F64, 1e150, 3e150).value()).isCloseTo(0.25, within(1e-8));
        assertThat(gini(DType.F32, 7).value()).isZero();
    }

    @Test
    void shouldBeAbsentWhereItIsUndefinedOrNotWanted() throws IOException {
        byte[] zeros = Tensors.file(Tensors.f32("w.weight", List.of(1L, 3L), 0, 0, 0));
        byte[] ones = Tensors.file(Tensors.f32("w.weight", List.of(1L, 3L), 1, 1, 2));
        SnapshotMeasurer measurer = new SnapshotMeasurer(new ScalarPowerSums());

        assertThat(measurer.measure(new BytesSource(zeros), Mask.DENSE, NormPair.GRID).gini())
                .isNull();
        assertThat(measurer.measure(new BytesSource(ones), Mask.DENSE, NormPair.DEFAULTS).gini())
                .isNull();
        assertThat(measurer.measure(new BytesSource(ones), Mask.DENSE, NormPair.GRID).gini())
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void invariant4ShouldGiveTheSameBytesOnAnyNumberOfThreadsAndInAnyParts(int threads)
            throws IOException {
        Random random = new Random(9);
        byte[] file =
                Tensors.file(
                        Tensors.f32("a.weight", List.of(3L, 200_001L), gaussian(random, 600_003)),
                        Tensors.tensor(
                                "b.weight",
                                DType.BF16,
                                List.of(700L, 500L),
                                gaussian(random, 350_000)));
        String alone = json(new SnapshotMeasurer(new ScalarPowerSums()), file);
        assertThat(alone).contains("errorBound");

        SnapshotMeasurer measurer = new SnapshotMeasurer(new ScalarPowerSums(), threads);
        assertThat(json(measurer, file)).isEqualTo(alone);

        SnapshotLayout layout =
                SnapshotLayout.of(
                        SafetensorsHeader.read(new BytesSource(file)),
                        Mask.DENSE,
                        NormPair.DEFAULTS,
                        true);
        List<List<TensorPart>> parts = new ArrayList<>();
        for (long chunk = 0; chunk < layout.chunkCount(); chunk += 2) {
            long end = Math.min(layout.chunkCount(), chunk + 2);
            parts.add(measurer.measure(new BytesSource(file), Mask.DENSE, layout, chunk, end));
        }
        Collections.shuffle(parts, random);
        SnapshotSums sums = new SnapshotSums(layout);
        parts.forEach(sums::add);
        assertThat(new String(Json.bytes(sums.finish()), UTF_8)).isEqualTo(alone);
    }

    @Seeded
    void d1RobinHoodLowersTheIndex(RandomGenerator random) throws IOException {
        double[] w = weights(random);
        GiniIndex before = gini(DType.F64, w);
        double alpha = (w[1] - w[0]) * random.nextDouble(0.1, 0.4);
        w[1] -= alpha;
        w[0] += alpha;

        requireLower(gini(DType.F64, w), before);
    }

    @Seeded
    void d2ScalingChangesNothing(RandomGenerator random) throws IOException {
        double[] w = weights(random);
        double scale = random.nextDouble(1e-3, 1e3);

        requireSame(gini(DType.F64, Arrays.stream(w).map(x -> -x * scale).toArray()), w);
    }

    @Seeded
    void d3ARisingTideLowersTheIndex(RandomGenerator random) throws IOException {
        double[] w = weights(random);
        double tide = random.nextDouble(0.1, 2);

        requireLower(
                gini(DType.F64, Arrays.stream(w).map(x -> x + tide).toArray()), gini(DType.F64, w));
    }

    @Seeded
    void d4CloningChangesNothing(RandomGenerator random) throws IOException {
        double[] w = weights(random);
        double[] twice = Arrays.copyOf(w, 2 * w.length);
        System.arraycopy(w, 0, twice, w.length, w.length);

        requireSame(gini(DType.F64, twice), w);
    }

    @Seeded
    void p1BillGatesRaisesTheIndex(RandomGenerator random) throws IOException {
        double[] w = weights(random);
        int i = random.nextInt(w.length);
        w[i] += Arrays.stream(w).sum();
        GiniIndex before = gini(DType.F64, w);
        w[i] *= random.nextDouble(1.5, 4);

        requireLower(before, gini(DType.F64, w));
    }

    @Seeded
    void p2BabiesRaiseTheIndex(RandomGenerator random) throws IOException {
        double[] w = weights(random);

        requireLower(gini(DType.F64, w), gini(DType.F64, Arrays.copyOf(w, w.length + 1)));
    }

    private static void requireLower(GiniIndex lower, GiniIndex higher) {
        assertThat(lower.value())
                .isLessThan(higher.value() + lower.errorBound() + higher.errorBound());
    }

    private static void requireSame(GiniIndex gini, double[] w) throws IOException {
        GiniIndex other = gini(DType.F64, w);
        assertThat(gini.value())
                .isCloseTo(other.value(), within(gini.errorBound() + other.errorBound()));
    }

    /** 2 to 60 weights of 0 and above; the first is small, the second large. */
    private static double[] weights(RandomGenerator random) {
        double[] w = new double[2 + random.nextInt(59)];
        for (int i = 0; i < w.length; i++) {
            w[i] = random.nextInt(5) == 0 ? 0 : Math.abs(random.nextGaussian());
        }
        w[0] = 0.25;
        w[1] = 3;
        return w;
    }

    private static double[] gaussian(Random random, int n) {
        return Tensors.gaussian(random, n);
    }

    private static double defined(double... w) {
        double[] c = Arrays.stream(w).map(Math::abs).sorted().toArray();
        double weighted = 0;
        for (int k = 1; k <= c.length; k++) {
            weighted += (2.0 * k - c.length - 1) * c[k - 1];
        }
        return weighted / (c.length * Arrays.stream(c).sum());
    }

    private static GiniIndex gini(DType type, double... w) throws IOException {
        byte[] file =
                Tensors.file(Tensors.tensor("w.weight", type, List.of(1L, (long) w.length), w));
        MeasuredSnapshot measured =
                new SnapshotMeasurer(new ScalarPowerSums())
                        .measure(
                                new BytesSource(file),
                                Mask.DENSE,
                                List.of(new NormPair(0.5, 1)),
                                true);
        assertThat(measured.tensors().getFirst().gini()).isEqualTo(measured.gini());
        return Objects.requireNonNull(measured.gini());
    }

    private static String json(SnapshotMeasurer measurer, byte[] file) throws IOException {
        return new String(
                Json.bytes(
                        measurer.measure(
                                new BytesSource(file), Mask.DENSE, NormPair.DEFAULTS, true)),
                UTF_8);
    }
}
