// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.gini;

import dev.espalier.schemas.sparsity.GiniIndex;
import dev.espalier.schemas.sparsity.LongColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of magnitudes: how many have the same leading bits, and what they add up to.
 *
 * <p>The key of a bin is the exponent and the first 8 bits of the mantissa of |w| as a double, so a
 * bin of normal doubles is at most 2^-8 of its lower end wide. The next 24 bits are the distance
 * from that end, in equal steps within the bin. Counts and distances are integers: they add
 * exactly, so neither the order of the weights nor who counted which is part of the result. What
 * has 32 bits or fewer loses nothing; of F64 the last 20 bits are dropped.
 *
 * @param keys of the bins that are not empty, ascending
 * @param counts of the weights in each
 * @param offsets their distances from the lower end of the bin, added up
 */
public record MagnitudeBins(LongColumn keys, LongColumn counts, LongColumn offsets) {

    static final int KEY_SHIFT = 44;
    static final int STEP_SHIFT = 20;

    /** Rounding of the few operations on each bin. */
    private static final double ROUNDING = 0x1p-50;

    /** What is dropped of F64 is below 2^-32 of a weight, in the numerator and in the sum. */
    private static final double DROPPED = 0x1p-31;

    public static final MagnitudeBins NONE =
            new MagnitudeBins(
                    LongColumn.over(new long[0]),
                    LongColumn.over(new long[0]),
                    LongColumn.over(new long[0]));

    public MagnitudeBins plus(MagnitudeBins other) {
        int most = keys.size() + other.keys.size();
        long[] allKeys = new long[most];
        long[] allCounts = new long[most];
        long[] allOffsets = new long[most];
        int size = 0;
        for (int i = 0, j = 0; i < keys.size() || j < other.keys.size(); size++) {
            long mine = i < keys.size() ? keys.at(i) : Long.MAX_VALUE;
            long theirs = j < other.keys.size() ? other.keys.at(j) : Long.MAX_VALUE;
            allKeys[size] = Math.min(mine, theirs);
            if (mine <= theirs) {
                allCounts[size] += counts.at(i);
                allOffsets[size] += offsets.at(i);
                i++;
            }
            if (theirs <= mine) {
                allCounts[size] += other.counts.at(j);
                allOffsets[size] += other.offsets.at(j);
                j++;
            }
        }
        return new MagnitudeBins(
                LongColumn.over(Arrays.copyOf(allKeys, size)),
                LongColumn.over(Arrays.copyOf(allCounts, size)),
                LongColumn.over(Arrays.copyOf(allOffsets, size)));
    }

    /**
     * The Gini index of what was counted.
     *
     * <p>With d weights of sum S, the index is Σ_{i&lt;j} |c_i − c_j| / (d·S). Pairs from different
     * bins contribute what they would if each bin held its mean n times: bins are in the order of
     * their weights, so differences of weights add up to differences of sums. Missing is what pairs
     * within a bin contribute. For n weights of mean m in a bin from l to h that is at least 0,
     * when all are equal, and at most n²·(h − m)(m − l)/(h − l): Σ|c_i − c_j| is convex, so under a
     * fixed sum it is largest where all but one stand at an end, k at l, one at l + t·(h − l), the
     * others at h, and then it is (h − l)·(a·(n − a) − t·(1 − t)) with a = k + 1 − t, which is n·(h
     * − m)/(h − l). The value is the middle between both, the bound half their distance, plus what
     * rounding adds. As n/d and c/S add up to 1 over the bins and a bin is 2^-8 wide, the bound is
     * below 2^-11, and far below where the weights spread over many bins.
     *
     * @param dropped whether weights of 64 bits are among them
     * @return null where there are none, or all of them are 0, or their sum is too large
     */
    public @Nullable GiniIndex gini(boolean dropped) {
        long total = 0;
        Accurate sum = new Accurate();
        for (int i = 0; i < keys.size(); i++) {
            total += counts.at(i);
            sum.add(sumOf(i));
        }
        if (!(sum.value() > 0 && sum.value() < Double.POSITIVE_INFINITY)) {
            return null;
        }
        Accurate between = new Accurate();
        Accurate within = new Accurate();
        long below = 0;
        for (int i = 0; i < keys.size(); i++) {
            long n = counts.at(i);
            between.add(sumOf(i) / sum.value() * ((2.0 * below + n - total) / total));
            within.add(spread(i) / sum.value() * ((double) n / total));
            below += n;
        }
        double half = within.value() / 2;
        return new GiniIndex(
                Math.min(1, Math.max(0, between.value()) + half),
                Math.min(1, half + ROUNDING + (dropped ? DROPPED : 0)));
    }

    /** n·(h − m)(m − l)/(h − l); a weight alone differs from none. */
    private double spread(int i) {
        long n = counts.at(i);
        if (n == 1) {
            return 0;
        }
        double low = low(keys.at(i));
        double width = Math.min(low(keys.at(i) + 1), Double.MAX_VALUE) - low;
        double mean = offsets.at(i) * step(keys.at(i)) / n;
        return n * Math.max(0, (width - mean) / width) * mean;
    }

    private double sumOf(int i) {
        return counts.at(i) * low(keys.at(i)) + offsets.at(i) * step(keys.at(i));
    }

    private static double low(long key) {
        return Double.longBitsToDouble(key << KEY_SHIFT);
    }

    private static double step(long key) {
        return Double.longBitsToDouble(key << KEY_SHIFT | 1L << STEP_SHIFT) - low(key);
    }

    /** A sum whose error does not grow with the number of terms (Neumaier 1974). */
    private static final class Accurate {

        private double sum;
        private double missing;

        void add(double term) {
            double next = sum + term;
            missing += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
            sum = next;
        }

        double value() {
            return sum + missing;
        }
    }
}
