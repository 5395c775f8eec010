// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.testing.Seeded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PowerSumKernelTest {

    private static final List<PowerSumKernel> KERNELS =
            List.of(new ScalarPowerSums(), new VectorPowerSums());
    private static final List<DType> TYPES = List.of(DType.F32, DType.F16, DType.BF16, DType.F64);
    private static final List<Double> QUICK = List.of(0.5, 1.0, 2.0);
    private static final List<Double> ALL =
            List.of(0.1, 0.3, 0.37, 0.5, 0.7, 1.0, 1.1, 1.5, 2.0, 2.5);
    private static final int[] LENGTHS = {
        0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 1023, 1024, 1025, 2050, 4095,
        4096, 4097, 17_000
    };

    private static Stream<Arguments> kernelsAndTypes() {
        return KERNELS.stream()
                .flatMap(kernel -> TYPES.stream().map(type -> Arguments.of(kernel, type)));
    }

    @ParameterizedTest
    @MethodSource("kernelsAndTypes")
    void shouldGiveTheSpecifiedBitsAtEveryLaneBoundary(PowerSumKernel kernel, DType type) {
        RandomGenerator random = new SplittableRandom(7);
        for (int n : LENGTHS) {
            for (int from : new int[] {0, 1, 63, 64, 100}) {
                double[] values = Tensors.rounded(type, Tensors.gaussian(random, from + n + 3));
                for (double density : new double[] {1, 0.5, 0.02}) {
                    MaskTensor mask =
                            density == 1
                                    ? null
                                    : Tensors.mask(random, density, List.of((long) values.length));
                    for (List<Double> exponents :
                            List.of(QUICK, ALL, List.of(1.0, 2.0), List.of(0.5, 1.0))) {
                        assertThat(sums(kernel, type, values, mask, from, from + n, exponents))
                                .as("n %d from %d density %s", n, from, density)
                                .isEqualTo(
                                        specified(type, values, mask, from, from + n, exponents));
                    }
                }
            }
        }
    }

    @Seeded(cases = 30)
    void shouldAgreeWithExactArithmetic(RandomGenerator random) {
        int n = 1 + random.nextInt(3000);
        double[] values = Tensors.rounded(DType.F32, Tensors.gaussian(random, n));
        BigDecimal roots = BigDecimal.ZERO;
        BigDecimal ones = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        for (double value : values) {
            BigDecimal magnitude = new BigDecimal(value).abs();
            roots = roots.add(magnitude.sqrt(MathContext.DECIMAL128));
            ones = ones.add(magnitude);
            squares = squares.add(magnitude.pow(2));
        }
        for (PowerSumKernel kernel : KERNELS) {
            double[] sums = sums(kernel, DType.F32, values, null, 0, n, QUICK);
            assertClose(sums[0], roots, 8e-11);
            assertClose(sums[1], ones, 1e-14);
            assertClose(sums[2], squares, 1e-14);
        }
    }

    @Seeded(cases = 30)
    void shouldAgreeWithExactArithmeticForTheWholeGrid(RandomGenerator random) {
        double[] values = Tensors.rounded(DType.F32, Tensors.gaussian(random, 200));
        List<Double> grid = IntStream.rangeClosed(1, 20).mapToObj(k -> k / 10.0).toList();
        double[] sums = sums(new ScalarPowerSums(), DType.F32, values, null, 0, 200, grid);
        for (int k = 1; k <= 20; k++) {
            double exponent = k / 10.0;
            double expected =
                    Arrays.stream(values).map(v -> StrictMath.pow(Math.abs(v), exponent)).sum();
            assertClose(sums[k - 1], new BigDecimal(expected), k == 5 ? 8e-11 : 1e-12);
        }
    }

    @ParameterizedTest
    @MethodSource("kernelsAndTypes")
    void shouldNeitherOverflowNorUnderflow(PowerSumKernel kernel, DType type) {
        double largest = type == DType.F16 ? 65504 : 3e38;
        double smallest = type == DType.F16 ? 0x1p-24 : type == DType.BF16 ? 0x1p-133 : 0x1p-149;
        double[] large = Tensors.rounded(type, filled(33, -largest));
        double[] small = Tensors.rounded(type, filled(33, smallest));
        double x = Math.abs(large[0]);

        assertThat(small[0]).isEqualTo(smallest);
        assertThat(sums(kernel, type, large, null, 0, 33, QUICK))
                .containsExactly(specified(type, large, null, 0, 33, QUICK));
        assertClose(
                sums(kernel, type, large, null, 0, 33, QUICK)[2],
                new BigDecimal(x).pow(2).multiply(new BigDecimal(33)),
                1e-14);
        assertClose(
                sums(kernel, type, small, null, 0, 33, QUICK)[2],
                new BigDecimal(smallest).pow(2).multiply(new BigDecimal(33)),
                1e-14);
        assertClose(
                sums(kernel, type, small, null, 0, 33, QUICK)[0],
                new BigDecimal(smallest).sqrt(MathContext.DECIMAL128).multiply(new BigDecimal(33)),
                1e-14);
    }

    @ParameterizedTest
    @MethodSource("kernelsAndTypes")
    void shouldTakeTinyWeightsAmongOrdinaryOnes(PowerSumKernel kernel, DType type) {
        RandomGenerator random = new SplittableRandom(3);
        for (int tiny : new int[] {0, 5, 1030, 3009}) {
            double[] values = Tensors.gaussian(random, 3010);
            values[tiny] = 0x1.8p-127;
            values[(tiny + 1) % values.length] = 0x1p-126;
            values[(tiny + 2) % values.length] = -0x1p-130;
            double[] rounded = Tensors.rounded(type, values);
            for (List<Double> exponents : List.of(QUICK, ALL)) {
                assertThat(sums(kernel, type, rounded, null, 0, 3010, exponents))
                        .isEqualTo(specified(type, rounded, null, 0, 3010, exponents));
            }
        }
    }

    @Seeded(cases = 20)
    void shouldTakeTheRootsOfFaintRunsInDouble(RandomGenerator random) {
        int n = 1 + random.nextInt(3000);
        double scale = StrictMath.pow(2, random.nextDouble(-149, -55));
        double[] values =
                Arrays.stream(Tensors.gaussian(random, n)).map(value -> value * scale).toArray();
        for (DType type : List.of(DType.F32, DType.BF16)) {
            double[] rounded = Tensors.rounded(type, values);
            BigDecimal roots = BigDecimal.ZERO;
            for (double value : rounded) {
                roots = roots.add(new BigDecimal(value).abs().sqrt(MathContext.DECIMAL64));
            }
            for (PowerSumKernel kernel : KERNELS) {
                double[] sums = sums(kernel, type, rounded, null, 0, n, List.of(0.5, 1.0));
                assertThat(sums).isEqualTo(specified(type, rounded, null, 0, n, List.of(0.5, 1.0)));
                assertClose(sums[0], roots, 8e-11);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernelsAndTypes")
    void shouldNotLookAtPrunedWeights(PowerSumKernel kernel, DType type) {
        double[] values = filled(100, 0.5);
        MaskTensor mask = MaskTensor.ones(List.of(100L));
        for (int pruned : new int[] {0, 40, 99}) {
            values[pruned] = pruned == 40 ? Double.POSITIVE_INFINITY : Double.NaN;
            mask.clear(pruned);
        }

        assertThat(sums(kernel, type, values, mask, 0, 100, List.of(1.0, 2.0)))
                .containsExactly(97 * 0.5, 97 * 0.25);
    }

    @ParameterizedTest
    @MethodSource("kernelsAndTypes")
    void shouldPassOnWhatIsNotFinite(PowerSumKernel kernel, DType type) {
        for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            for (int at : new int[] {0, 31, 32, 34}) {
                double[] values = filled(35, 1);
                values[at] = bad;
                for (double sum : sums(kernel, type, values, null, 0, 35, ALL)) {
                    assertThat(sum).isNotFinite();
                }
            }
        }
    }

    private static double[] filled(int n, double value) {
        double[] values = new double[n];
        Arrays.fill(values, value);
        return values;
    }

    private static void assertClose(double actual, BigDecimal expected, double relative) {
        BigDecimal error = new BigDecimal(actual).subtract(expected).abs();
        assertThat(error)
                .as("%s against %s", actual, expected)
                .isLessThanOrEqualTo(expected.abs().multiply(new BigDecimal(relative)));
    }

    private static double[] sums(
            PowerSumKernel kernel,
            DType type,
            double[] values,
            @Nullable MaskTensor mask,
            int from,
            int to,
            List<Double> exponents) {
        LaneSums lanes = new LaneSums(exponents);
        ChunkMask bits = null;
        if (mask != null) {
            bits = new ChunkMask();
            bits.load(mask, 0, values.length);
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] encoded = Tensors.encode(type, values);
            MemorySegment bytes = arena.allocate(encoded.length, 64);
            MemorySegment.copy(
                    encoded, 0, bytes, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, encoded.length);
            kernel.accumulate(new WeightChunk(type, bytes, bits), from, to, lanes);
        }
        return IntStream.range(0, exponents.size()).mapToDouble(lanes::sum).toArray();
    }

    /** The contract of the interface, written down once more as directly as possible. */
    private static double[] specified(
            DType type,
            double[] values,
            @Nullable MaskTensor mask,
            int from,
            int to,
            List<Double> exponents) {
        double squares = specified(type, values, mask, from, to, 2, false);
        boolean doubles = type == DType.F64 || (squares > 0 && squares < 0x1p-120);
        return exponents.stream()
                .mapToDouble(e -> specified(type, values, mask, from, to, e, !doubles))
                .toArray();
    }

    private static double specified(
            DType type,
            double[] values,
            @Nullable MaskTensor mask,
            int from,
            int to,
            double exponent,
            boolean floatRoots) {
        double[] lane = new double[16];
        float[] correction = new float[16];
        for (int k = 0; k < to - from; k++) {
            if (mask == null || mask.get(from + k)) {
                double x = Math.abs(values[from + k]);
                if (exponent == 0.5 && floatRoots) {
                    lane[k % 16] += (float) Math.sqrt(x);
                    correction[k % 16] = corrected((float) x, correction[k % 16]);
                } else {
                    lane[k % 16] += power(type, x, exponent);
                }
            }
            if (k % 4096 == 4095 || k == to - from - 1) {
                for (int l = 0; l < 16; l++) {
                    lane[l] += 0.5 * correction[l];
                    correction[l] = 0;
                }
            }
        }
        for (int half = 8; half >= 1; half /= 2) {
            for (int l = 0; l < half; l++) {
                lane[l] += lane[l + half];
            }
        }
        return lane[0];
    }

    /** Adds e/s, the doubled correction of a root. */
    private static float corrected(float x, float correction) {
        float s = (float) Math.sqrt(x);
        float e = Math.fma(-s, s, x);
        float h = Float.intBitsToFloat(0x7ef34c00 - Float.floatToIntBits(s));
        h = Math.fma(h, Math.fma(-s, h, 1.00134f), h);
        return Math.fma(e, h, correction);
    }

    private static double power(DType type, double x, double exponent) {
        if (exponent == 0.5) {
            return Math.sqrt(x);
        }
        if (exponent == 1.0) {
            return x;
        }
        if (exponent == 2.0) {
            return x * x;
        }
        long k = Math.round(exponent * 10);
        if (k / 10.0 != exponent) {
            return StrictMath.pow(x, exponent);
        }
        double root =
                type == DType.F64
                        ? TenthRoot.of(x)
                        : TenthRoot.completed(x, TenthRoot.inverse((float) Math.sqrt(x)));
        double power = root;
        for (int i = 1; i < k; i++) {
            power *= root;
        }
        return power;
    }
}
