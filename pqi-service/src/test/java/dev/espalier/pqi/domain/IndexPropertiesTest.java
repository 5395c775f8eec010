// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.testing.BytesSource;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.sparsity.PqIndex;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.testing.Seeded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The properties that make the PQ Index a measure of sparsity (Diao et al., ICLR 2023, theorem 1;
 * Hurley and Rickard, 2009), and its bound (theorem 2), on sums as the service takes them.
 */
final class IndexPropertiesTest {

    private static final SnapshotMeasurer MEASURER = new SnapshotMeasurer(new ScalarPowerSums());
    private static final double ROUNDING = 1e-12;

    @Seeded
    void d1RobinHoodLowersTheIndexWherePIsAtMostOneAndQAtLeastOne(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = new NormPair(random.nextInt(1, 11) / 10.0, random.nextInt(11, 21) / 10.0);
        int richest = 0;
        int poorest = 0;
        for (int i = 0; i < w.length; i++) {
            richest = w[i] > w[richest] ? i : richest;
            poorest = w[i] < w[poorest] ? i : poorest;
        }
        double before = index(pair, w);
        double alpha = (w[richest] - w[poorest]) * random.nextDouble(0.1, 0.4);
        w[richest] -= alpha;
        w[poorest] += alpha;

        assertThat(index(pair, w)).isLessThan(before);
    }

    @Seeded
    void d2ScalingChangesNothing(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double scale = random.nextDouble(1e-3, 1e3);

        assertThat(index(pair, Arrays.stream(w).map(x -> -x * scale).toArray()))
                .isCloseTo(index(pair, w), within(ROUNDING));
    }

    @Seeded
    void d3ARisingTideLowersTheIndex(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double tide = random.nextDouble(0.1, 2);

        assertThat(index(pair, Arrays.stream(w).map(x -> x + tide).toArray()))
                .isLessThan(index(pair, w));
    }

    @Seeded
    void d4CloningChangesNothing(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double[] twice = Arrays.copyOf(w, 2 * w.length);
        System.arraycopy(w, 0, twice, w.length, w.length);

        assertThat(index(pair, twice)).isCloseTo(index(pair, w), within(ROUNDING));
    }

    @Seeded
    void p1BillGatesRaisesTheIndex(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double largest = Arrays.stream(w).max().orElseThrow();
        int i = random.nextInt(w.length);
        w[i] += largest;
        double before = index(pair, w);
        w[i] += random.nextDouble(0.5, 3) * largest;

        assertThat(index(pair, w)).isGreaterThan(before);
    }

    @Seeded
    void p2BabiesRaiseTheIndex(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);

        assertThat(index(pair, Arrays.copyOf(w, w.length + 1))).isGreaterThan(index(pair, w));
    }

    @Seeded
    void theorem1TheIndexIsWithinItsRange(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);

        assertThat(index(pair, w))
                .isBetween(0.0, 1 - Math.pow(w.length, 1 / pair.q() - 1 / pair.p()) + ROUNDING);
    }

    @Seeded
    void theorem2TheBoundHoldsForEveryNumberOfKeptWeights(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double index = index(pair, w);
        double[] powers = Arrays.stream(w).map(x -> Math.pow(x, pair.p())).sorted().toArray();
        double kept = 0;
        double all = Arrays.stream(powers).sum();
        for (int r = 1; r <= w.length; r++) {
            kept += powers[w.length - r];
            double eta = Math.max(0, (all - kept) / kept);

            assertThat(PqIndex.retain(w.length, index, pair, eta))
                    .as("r = %d", r)
                    .isLessThanOrEqualTo(r * (1 + 1e-9));
        }
    }

    @Seeded
    void theBoundIsTheNumberOfEqualWeights(RandomGenerator random) {
        int equal = 1 + random.nextInt(30);
        double[] w = new double[equal + random.nextInt(30)];
        Arrays.fill(w, 0, equal, random.nextDouble(0.01, 10));
        NormPair pair = pair(random);

        assertThat(PqIndex.retain(w.length, index(pair, w), pair, 0))
                .isCloseTo(equal, within(1e-9 * equal));
    }

    @Seeded
    void theBoundDoesNotSeeZeros(RandomGenerator random) {
        double[] w = weights(random);
        NormPair pair = pair(random);
        double[] padded = Arrays.copyOf(w, w.length + 1 + random.nextInt(50));

        assertThat(PqIndex.retain(padded.length, index(pair, padded), pair, 0))
                .isCloseTo(
                        PqIndex.retain(w.length, index(pair, w), pair, 0), within(1e-9 * w.length));
    }

    /** 2 to 60 weights of 0 and above, not all equal. */
    private static double[] weights(RandomGenerator random) {
        double[] w = new double[2 + random.nextInt(59)];
        for (int i = 0; i < w.length; i++) {
            w[i] = random.nextInt(5) == 0 ? 0 : Math.abs(random.nextGaussian());
        }
        w[0] = 0.25;
        w[1] = 3;
        return w;
    }

    /** Of tenths, and not too far apart, so that the exponents of the bound stay moderate. */
    private static NormPair pair(RandomGenerator random) {
        int p = random.nextInt(3, 21);
        return new NormPair(p / 10.0, (p + random.nextInt(2, 11)) / 10.0);
    }

    private static double index(NormPair pair, double[] w) {
        byte[] file =
                Tensors.file(
                        Tensors.tensor("w.weight", DType.F64, List.of(1L, (long) w.length), w));
        try {
            PowerSums sums =
                    MEASURER.measure(new BytesSource(file), Mask.DENSE, List.of(pair)).global();
            return sums.index(pair).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
