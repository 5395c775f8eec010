// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.testing.Seeded;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PqIndexTest {

    private static final NormPair HALF_ONE = new NormPair(0.5, 1);
    private static final NormPair ONE_TWO = new NormPair(1, 2);
    private static final double TOLERANCE = 1e-9;

    @ParameterizedTest
    @CsvSource({
        "'0,1,3,5', 0.3143832149, 2.7424671403, 0.2393611707, 2.3142857143",
        "'0,2,3,4', 0.2643323065, 2.9426707739, 0.1643709782, 2.7931034483",
        "'1,3,5', 0.0858442866, 2.7424671403, 0.1216899343, 2.3142857143",
        "'1,2,3,4', 0.0555858574, 3.7776565705, 0.0871290708, 3.3333333333",
        "'0,0,0,0,0,0,7,0,0,0', 0.9, 1, 0.6837722340, 1",
        "'-5,3,0,-1', 0.3143832149, 2.7424671403, 0.2393611707, 2.3142857143"
    })
    void shouldAgreeWithTheOracles(
            String weights, double half, double retainHalf, double one, double retainOne) {
        double[] w =
                Arrays.stream(weights.split(",", -1)).mapToDouble(Double::parseDouble).toArray();

        assertThat(index(w, HALF_ONE)).isCloseTo(half, within(1e-10));
        assertThat(retain(w, HALF_ONE, 0)).isCloseTo(retainHalf, within(1e-10));
        assertThat(index(w, ONE_TWO)).isCloseTo(one, within(1e-10));
        assertThat(retain(w, ONE_TWO, 0)).isCloseTo(retainOne, within(1e-10));
    }

    @Test
    void shouldBeUndefinedWithoutWeightsAndForZerosOnly() {
        assertThat(sums(new double[0], HALF_ONE).index(HALF_ONE)).isEmpty();
        assertThat(sums(new double[3], HALF_ONE).index(HALF_ONE)).isEmpty();
        assertThat(GroupIndex.of(sums(new double[3], HALF_ONE), HALF_ONE))
                .isEqualTo(new GroupIndex(0.5, 1, null, null));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseWhatIsNotFinite(double sum) {
        assertThatThrownBy(() -> PqIndex.of(3, sum, 1, HALF_ONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not all finite");
        assertThatThrownBy(() -> PqIndex.of(3, 1, sum, HALF_ONE))
                .hasMessageContaining("not all finite");
    }

    @Seeded
    void shouldBeZeroForEqualWeights(RandomGenerator random) {
        double[] w = new double[1 + random.nextInt(500)];
        Arrays.fill(w, random.nextDouble(1e-6, 1e3));
        NormPair pair = pair(random);

        assertThat(index(w, pair)).isBetween(0.0, TOLERANCE);
        assertThat(retain(w, pair, 0) / w.length).isCloseTo(1, within(slack(pair)));
    }

    @Seeded
    void shouldReachItsUpperBoundWithOneWeight(RandomGenerator random) {
        double[] w = new double[1 + random.nextInt(500)];
        w[random.nextInt(w.length)] = -random.nextDouble(1e-3, 1e3);
        NormPair pair = pair(random);

        assertThat(index(w, pair)).isCloseTo(upperBound(w.length, pair), within(TOLERANCE));
        assertThat(retain(w, pair, 0)).isCloseTo(1, within(w.length * slack(pair)));
    }

    @Seeded
    void shouldLieInTheRangeOfTheorem1(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);

        assertThat(index(w, pair)).isBetween(0.0, upperBound(w.length, pair) + TOLERANCE);
    }

    @Seeded
    void shouldNotChangeWithScaleSignOrOrder(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double factor = -random.nextDouble(0.01, 100);
        double[] scaled =
                Arrays.stream(w)
                        .boxed()
                        .sorted(Comparator.reverseOrder())
                        .mapToDouble(x -> x * factor)
                        .toArray();

        assertThat(index(scaled, pair)).isCloseTo(index(w, pair), within(TOLERANCE));
    }

    @Seeded
    void shouldNotChangeWhenAllIsClonedButRiseWithZeros(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double[] cloned = DoubleStream.concat(Arrays.stream(w), Arrays.stream(w)).toArray();
        double[] padded = Arrays.copyOf(w, 2 * w.length);

        assertThat(index(cloned, pair)).isCloseTo(index(w, pair), within(TOLERANCE));
        assertThat(index(padded, pair)).isGreaterThan(index(w, pair));
    }

    /** r weights of largest magnitude stay; η is what the others hold of the p-norm. */
    @Seeded
    void shouldObeyTheorem2ForEveryR(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double[] descending =
                Arrays.stream(w)
                        .map(Math::abs)
                        .boxed()
                        .sorted(Comparator.reverseOrder())
                        .mapToDouble(x -> StrictMath.pow(x, pair.p()))
                        .toArray();
        double all = Arrays.stream(descending).sum();

        double kept = 0;
        for (int r = 1; r <= w.length; r++) {
            kept += descending[r - 1];
            double eta = Math.max(0, (all - kept) / kept);
            assertThat(retain(w, pair, eta)).isLessThanOrEqualTo(r * (1 + slack(pair)));
        }
    }

    @Seeded
    void shouldRetainNoMoreWhenEtaGrows(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double eta = random.nextDouble(2);

        assertThat(retain(w, pair, eta + 0.1)).isLessThan(retain(w, pair, eta));
    }

    @Seeded
    void shouldRetainTheSameWithZerosAppended(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double[] padded = Arrays.copyOf(w, w.length + 1 + random.nextInt(500));

        double retain = retain(w, pair, 0);

        assertThat(retain(padded, pair, 0) / retain).isCloseTo(1, within(slack(pair)));
        assertThat(retain).isBetween(1 - slack(pair), w.length * (1 + slack(pair)));
    }

    @Seeded
    void shouldAddTheSumsOfParts(RandomGenerator random) {
        double[] w = weights(random);
        int cut = random.nextInt(w.length + 1);
        PowerSums whole = sums(w, ONE_TWO);

        PowerSums merged =
                sums(Arrays.copyOf(w, cut), ONE_TWO)
                        .plus(sums(Arrays.copyOfRange(w, cut, w.length), ONE_TWO));

        assertThat(merged.active()).isEqualTo(whole.active());
        for (int i = 0; i < whole.sums().size(); i++) {
            double sum = whole.sums().get(i);
            assertThat(merged.sums().get(i)).isCloseTo(sum, within(1e-12 * sum));
        }
        assertThat(PowerSums.none(whole.exponents()).plus(whole)).isEqualTo(whole);
    }

    @Test
    void shouldRefuseToMixExponents() {
        PowerSums half = sums(new double[] {1}, HALF_ONE);
        PowerSums one = sums(new double[] {1}, ONE_TWO);

        assertThatThrownBy(() -> half.plus(one))
                .hasMessage("sums over the exponents [0.5, 1.0] and [1.0, 2.0] do not add");
        assertThatThrownBy(() -> half.index(ONE_TWO))
                .hasMessageContaining("the exponent 2.0 was not measured");
        assertThatThrownBy(() -> new PowerSums(List.of(1.0), 0, List.of()))
                .hasMessage("1 exponents but 0 sums");
        assertThat(half.covers(HALF_ONE)).isTrue();
        assertThat(half.covers(ONE_TWO)).isFalse();
    }

    private static double index(double[] w, NormPair pair) {
        return sums(w, pair).index(pair).orElseThrow();
    }

    private static double retain(double[] w, NormPair pair, double eta) {
        return PqIndex.retain(w.length, index(w, pair), pair, eta);
    }

    private static double upperBound(int d, NormPair pair) {
        return 1 - StrictMath.pow(d, 1 / pair.q() - 1 / pair.p());
    }

    /** The relative error of r: rounding of 1 − I, raised to pq / (q − p). */
    private static double slack(NormPair pair) {
        return TOLERANCE * Math.max(1, pair.p() * pair.q() / (pair.q() - pair.p()));
    }

    private static PowerSums sums(double[] w, NormPair pair) {
        List<Double> exponents = NormPair.exponents(List.of(pair));
        return new PowerSums(
                exponents,
                w.length,
                exponents.stream()
                        .map(s -> Arrays.stream(w).map(x -> StrictMath.pow(Math.abs(x), s)).sum())
                        .collect(Collectors.toList()));
    }

    private static NormPair pair(RandomGenerator random) {
        double p = random.nextDouble(0.3, 2);
        return switch (random.nextInt(3)) {
            case 0 -> HALF_ONE;
            case 1 -> ONE_TWO;
            default -> new NormPair(p, p + random.nextDouble(0.1, 1));
        };
    }

    /** At least one weight is not 0, none is subnormal after a power. */
    private static double[] weights(RandomGenerator random) {
        double[] w = new double[1 + random.nextInt(200)];
        double zeros = random.nextDouble();
        for (int i = 0; i < w.length; i++) {
            w[i] = random.nextDouble() < zeros ? 0 : random.nextGaussian();
        }
        w[random.nextInt(w.length)] = 1 + random.nextDouble();
        return w;
    }
}
