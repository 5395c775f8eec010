// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.domain.kernel.VectorPowerSums;
import dev.espalier.pqi.domain.kernel.WeightChunk;
import dev.espalier.pqi.testing.BytesSource;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.schemas.testing.Seeded;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SnapshotMeasurerTest {

    private static final int CHUNK = WeightChunk.MOST_WEIGHTS;
    private static final List<NormPair> PAIRS = NormPair.DEFAULTS;

    private final SnapshotMeasurer measurer = new SnapshotMeasurer(new ScalarPowerSums());

    @ParameterizedTest
    @CsvSource({
        "0 1 3 5, 0.3143832149, 2.7424671403, 0.2393611707, 2.3142857143",
        "0 2 3 4, 0.2643323065, 2.9426707739, 0.1643709782, 2.7931034483",
        "1 3 5, 0.0858442866, 2.7424671403, 0.1216899343, 2.3142857143",
        "1 2 3 4, 0.0555858574, 3.7776565705, 0.0871290708, 3.3333333333",
        "0 0 0 0 0 0 0 0 0 1, 0.9, 1, 0.6837722340, 1"
    })
    void shouldGiveTheKnownIndices(String weights, double i1, double r1, double i2, double r2)
            throws IOException {
        double[] values = Arrays.stream(weights.split(" ")).mapToDouble(Double::valueOf).toArray();
        for (DType type : List.of(DType.F32, DType.F16, DType.BF16, DType.F64)) {
            TensorData tensor =
                    Tensors.tensor("fc.weight", type, List.of(1L, (long) values.length), values);

            PowerSums sums = measure(Mask.DENSE, tensor).global();

            GroupIndex first = GroupIndex.of(sums, PAIRS.get(0));
            GroupIndex second = GroupIndex.of(sums, PAIRS.get(1));
            assertThat(first.value()).isCloseTo(i1, within(1e-10));
            assertThat(first.retain()).isCloseTo(r1, within(1e-9));
            assertThat(second.value()).isCloseTo(i2, within(1e-10));
            assertThat(second.retain()).isCloseTo(r2, within(1e-9));
        }
    }

    @Test
    void shouldMeasureWhatCanBePrunedAndSayWhyTheRestIsNot() throws IOException {
        MeasuredSnapshot snapshot =
                measure(
                        Mask.DENSE,
                        Tensors.f32("a.weight", List.of(2L, 2L), 1, 4, 9, 16),
                        Tensors.f32("a.bias", List.of(2L), Double.NaN, 1),
                        Tensors.f32("bn.weight", List.of(2L), 1, 1));

        assertThat(snapshot.tensors()).hasSize(1);
        MeasuredTensor tensor = snapshot.tensors().getFirst();
        assertThat(tensor.tensor()).isEqualTo("a.weight");
        assertThat(tensor.active()).isEqualTo(4);
        assertThat(snapshot.exponents()).containsExactly(0.5, 1.0, 2.0);
        assertThat(tensor.sums()).containsExactly(10.0, 30.0, 354.0);
        assertThat(tensor.units().active()).containsExactly(2L, 2L);
        assertThat(List.<List<Double>>copyOf(tensor.units().sums()))
                .containsExactly(List.of(3.0, 7.0), List.of(5.0, 25.0), List.of(17.0, 337.0));
        assertThat(snapshot.excluded())
                .containsExactly(
                        new ExcludedTensor("a.bias", "its name does not end in 'weight'"),
                        new ExcludedTensor("bn.weight", "it has 1 dimension, fewer than 2"));
    }

    @Test
    void shouldCountActiveWeightsOnly() throws IOException {
        MaskTensor mask = MaskTensor.ones(List.of(2L, 3L));
        mask.clear(1);
        mask.clear(5);

        MeasuredSnapshot snapshot =
                measure(
                        new Mask(Map.of("a.weight", mask)),
                        Tensors.f32("a.weight", List.of(2L, 3L), 1, 100, 0, 2, 3, 100),
                        Tensors.f32("b.weight", List.of(1L, 1L), 5));

        assertThat(snapshot.global().active()).isEqualTo(5);
        assertThat(snapshot.tensors().getFirst().units().active()).containsExactly(2L, 2L);
        assertThat(snapshot.tensors().getFirst().sums().get(1)).isEqualTo(6);
        assertThat(snapshot.global().sums().get(1)).isEqualTo(11);
    }

    @Test
    void shouldLeaveTheIndexOfAnEmptyOrAllZeroGroupUndefined() throws IOException {
        MeasuredSnapshot snapshot =
                measure(
                        new Mask(Map.of("a.weight", MaskTensor.zeros(List.of(1L, 2L)))),
                        Tensors.f32("a.weight", List.of(1L, 2L), 1, 2),
                        Tensors.f32("b.weight", List.of(1L, 2L), 0, -0.0));

        MeasurementReport report = MeasurementReport.of(snapshot);

        assertThat(report.groups()).hasSize(5);
        assertThat(report.groups())
                .allSatisfy(
                        group ->
                                assertThat(group.pqi())
                                        .allSatisfy(
                                                index -> {
                                                    assertThat(index.value()).isNull();
                                                    assertThat(index.retain()).isNull();
                                                }));
        assertThat(report.groups())
                .extracting(MeasurementReport.Group::active)
                .containsExactly(2L, 0L, 2L, 0L, 2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 784, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 3})
    void shouldSumSegmentsOfRowsAndChunksInTheSpecifiedOrder(int rowLength) throws IOException {
        RandomGenerator random = new SplittableRandom(rowLength);
        int rows = Math.max(1, (2 * CHUNK + 17) / rowLength);
        int n = rows * rowLength;
        double[] values = Tensors.rounded(DType.F32, Tensors.gaussian(random, n));
        List<Long> shape = List.of((long) rows, (long) rowLength);
        MaskTensor mask = Tensors.mask(random, 0.7, shape);
        int chunks = Math.ceilDiv(n, CHUNK);
        double[] rowSums = new double[rows];
        double[] chunkSums = new double[chunks];
        for (int from = 0; from < n; ) {
            int row = from / rowLength;
            int chunk = from / CHUNK;
            int to = Math.min((row + 1) * rowLength, Math.min((chunk + 1) * CHUNK, n));
            double[] lanes = new double[16];
            for (int i = from; i < to; i++) {
                lanes[(i - from) % 16] += mask.get(i) ? Math.abs(values[i]) : 0;
            }
            for (int half = 8; half > 0; half /= 2) {
                for (int l = 0; l < half; l++) {
                    lanes[l] += lanes[l + half];
                }
            }
            rowSums[row] += lanes[0];
            chunkSums[chunk] += lanes[0];
            from = to;
        }

        MeasuredTensor tensor =
                measure(new Mask(Map.of("a.weight", mask)), Tensors.f32("a.weight", shape, values))
                        .tensors()
                        .getFirst();

        assertThat(tensor.active()).isEqualTo(mask.active());
        assertThat(tensor.units().active().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(mask.active());
        assertThat(tensor.units().sums().get(1)).isEqualTo(Arrays.stream(rowSums).boxed().toList());
        assertThat(tensor.sums().get(1)).isEqualTo(SumTree.sum(chunkSums));
    }

    @Seeded(cases = 20)
    void shouldGiveTheSameWithEitherKernel(RandomGenerator random) throws IOException {
        List<Long> shape = List.of(1L + random.nextInt(40), 1L + random.nextInt(30), 3L, 3L);
        int n = (int) shape.stream().reduce(1L, Math::multiplyExact).longValue();
        TensorData tensor = Tensors.f32("conv.weight", shape, Tensors.gaussian(random, n));
        Mask mask = new Mask(Map.of("conv.weight", Tensors.mask(random, 0.5, shape)));
        List<NormPair> pairs =
                List.of(new NormPair(0.5, 1), new NormPair(1, 2), new NormPair(0.3, 1.7));

        MeasuredSnapshot scalar = measure(measurer, mask, pairs, tensor);
        MeasuredSnapshot vector =
                measure(new SnapshotMeasurer(new VectorPowerSums()), mask, pairs, tensor);

        assertThat(vector).isEqualTo(scalar);
    }

    @Test
    void shouldReadTheFileOnceAndAscending() throws IOException {
        BytesSource source =
                new BytesSource(
                        Tensors.file(
                                Tensors.f32("b.weight", List.of(2L, 2L), 1, 2, 3, 4),
                                Tensors.f32("a.weight", List.of(2L, 2L), 1, 2, 3, 4),
                                Tensors.tensor("z.weight", DType.F64, List.of(1L, 1L), 1)));

        measurer.measure(source, Mask.DENSE, PAIRS);

        assertThat(source.offsets()).hasSize(5).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 17, CHUNK - 1, CHUNK, CHUNK + 9})
    void shouldNameTheFirstWeightThatIsNotFinite(int index) {
        double[] values = new double[CHUNK + 10];
        Arrays.fill(values, 0.1);
        values[index] = Double.NaN;
        values[values.length - 1] =
                index == values.length - 1 ? Double.NaN : Double.POSITIVE_INFINITY;
        TensorData tensor = Tensors.f32("fc.weight", List.of(2L, values.length / 2L), values);

        assertThatThrownBy(() -> measure(Mask.DENSE, tensor))
                .isInstanceOfSatisfying(
                        NonFiniteWeightException.class,
                        e -> {
                            assertThat(e.tensor()).isEqualTo("fc.weight");
                            assertThat(e.index()).isEqualTo(index);
                            assertThat(e.value()).isNaN();
                        })
                .hasMessageContaining("weight " + index + " of tensor 'fc.weight' is NaN");
    }

    @Test
    void shouldIgnoreWhatIsPrunedEvenIfItIsNaN() throws IOException {
        MaskTensor mask = MaskTensor.ones(List.of(1L, 3L));
        mask.clear(1);

        MeasuredSnapshot snapshot =
                measure(
                        new Mask(Map.of("a.weight", mask)),
                        Tensors.f32("a.weight", List.of(1L, 3L), 1, Double.NaN, 1));

        assertThat(snapshot.global().sums()).containsExactly(2.0, 2.0, 2.0);
    }

    @Test
    void shouldTellAnOverflowFromAWeightThatIsNotFinite() {
        TensorData tensor = Tensors.tensor("a.weight", DType.F64, List.of(1L, 1L), 1e200);

        assertThatThrownBy(() -> measure(Mask.DENSE, tensor))
                .isInstanceOf(PowerSumOverflowException.class)
                .hasMessageContaining("|w|^2.0 over tensor 'a.weight'");
    }

    @Test
    void shouldRefuseATruncatedFile() {
        byte[] file = Tensors.file(Tensors.f32("a.weight", List.of(2L, 2L), 1, 2, 3, 4));
        byte[] truncated = Arrays.copyOf(file, file.length - 1);

        assertThatThrownBy(() -> measurer.measure(new BytesSource(truncated), Mask.DENSE, PAIRS))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("truncated");
    }

    @Test
    void shouldRefuseAMaskOfAnotherShape() {
        Mask mask = new Mask(Map.of("a.weight", MaskTensor.ones(List.of(4L, 1L))));
        TensorData tensor = Tensors.f32("a.weight", List.of(2L, 2L), 1, 2, 3, 4);

        assertThatThrownBy(() -> measure(mask, tensor))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("[4, 1]")
                .hasMessageContaining("[2, 2]");
    }

    @Test
    void shouldMeasureNothingWhereNothingCanBePruned() throws IOException {
        MeasuredSnapshot snapshot = measure(Mask.DENSE, Tensors.f32("bias", List.of(1L), 1));

        assertThat(snapshot.tensors()).isEmpty();
        assertThat(snapshot.global().active()).isZero();
    }

    private MeasuredSnapshot measure(Mask mask, TensorData... tensors) throws IOException {
        return measure(measurer, mask, PAIRS, tensors);
    }

    private static MeasuredSnapshot measure(
            SnapshotMeasurer measurer, Mask mask, List<NormPair> pairs, TensorData... tensors)
            throws IOException {
        return measurer.measure(new BytesSource(Tensors.file(tensors)), mask, pairs);
    }
}
