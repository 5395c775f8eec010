// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.pqi.domain.kernel.LaneSums;
import dev.espalier.pqi.domain.kernel.PowerSumKernel;
import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.domain.kernel.VectorPowerSums;
import dev.espalier.pqi.domain.kernel.WeightChunk;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.TensorInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The index of a whole tensor against sums in double-double: within 1e-9 of it. That of a row of a
 * few weights, which may be almost 0, is within 2e-10. With as many weights as wanted, by hand:
 *
 * <pre>{@code
 * mvn -B -pl pqi-service -am -Dtest=AccuracyTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -DargLine='--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Daccuracy.weights=100000000' test
 * }</pre>
 */
final class AccuracyTest {

    private static final int WEIGHTS = Integer.getInteger("accuracy.weights", 1_000_000);
    private static final List<NormPair> PAIRS =
            List.of(new NormPair(0.5, 1), new NormPair(1, 2), new NormPair(0.3, 1.7));
    private static final List<Double> EXPONENTS = NormPair.exponents(PAIRS);

    private static Stream<Arguments> cases() {
        return Stream.of(new ScalarPowerSums(), new VectorPowerSums())
                .flatMap(
                        kernel ->
                                Stream.of(DType.F32, DType.BF16)
                                        .map(type -> Arguments.of(kernel, type)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldBeWithinABillionthOfTheExactIndex(PowerSumKernel kernel, DType type) {
        int row = 9;
        long rows = WEIGHTS / row;
        TensorSums sums =
                new TensorSums(new TensorInfo("w", type, List.of(rows, (long) row), 0), EXPONENTS);
        DoubleDouble[] whole = exact();
        DoubleDouble[] first = exact();
        LaneSums lanes = new LaneSums(EXPONENTS);
        long count = rows * row;
        for (long at = 0; at < count; at += WeightChunk.MOST_WEIGHTS) {
            int n = (int) Math.min(WeightChunk.MOST_WEIGHTS, count - at);
            double[] values = Tensors.rounded(type, Tensors.gaussian(new SplittableRandom(at), n));
            for (int i = 0; i < n; i++) {
                add(whole, Math.abs(values[i]));
                if (at + i < row) {
                    add(first, Math.abs(values[i]));
                }
            }
            try (Arena arena = Arena.ofConfined()) {
                byte[] encoded = Tensors.encode(type, values);
                MemorySegment bytes = arena.allocate(encoded.length, 64);
                bytes.copyFrom(MemorySegment.ofArray(encoded));
                sums.add(at, n, new WeightChunk(type, bytes, null), kernel, lanes);
            }
        }
        MeasuredTensor measured = sums.finish();

        for (NormPair pair : PAIRS) {
            assertThat(measured.powerSums(EXPONENTS).index(pair).orElseThrow())
                    .as("%s of %d weights", pair, count)
                    .isCloseTo(
                            of(whole, count).index(pair).orElseThrow(),
                            Percentage.withPercentage(1e-7));
            assertThat(measured.powerSums(EXPONENTS, 0).index(pair).orElseThrow())
                    .isCloseTo(of(first, row).index(pair).orElseThrow(), within(2e-10));
        }
    }

    private static DoubleDouble[] exact() {
        return Stream.generate(DoubleDouble::new)
                .limit(EXPONENTS.size())
                .toArray(DoubleDouble[]::new);
    }

    private static void add(DoubleDouble[] sums, double x) {
        for (int e = 0; e < sums.length; e++) {
            double exponent = EXPONENTS.get(e);
            sums[e].add(exponent == 0.5 ? Math.sqrt(x) : exponent == 1 ? x : Math.pow(x, exponent));
        }
    }

    private static PowerSums of(DoubleDouble[] sums, long count) {
        DoubleStream values = Arrays.stream(sums).mapToDouble(DoubleDouble::value);
        return new PowerSums(EXPONENTS, count, values.boxed().toList());
    }

    /** A sum and what its roundings lost (Neumaier, 1974). */
    private static final class DoubleDouble {

        private double sum;
        private double lost;

        void add(double x) {
            double next = sum + x;
            lost += sum >= x ? (sum - next) + x : (x - next) + sum;
            sum = next;
        }

        double value() {
            return sum + lost;
        }
    }
}
