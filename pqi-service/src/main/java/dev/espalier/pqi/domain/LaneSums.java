// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import java.util.Arrays;
import java.util.List;

/**
 * The sums of one run while a kernel works on it, one per exponent and lane, and the kernel's
 * working memory. One per thread.
 */
public final class LaneSums {

    /** More than any vector has, so that two additions to one lane need not wait for each other. */
    public static final int LANES = 16;

    /** Weights that fit the first-level cache beside what is made of them; a multiple of LANES. */
    static final int BLOCK = 1024;

    private final List<Power> powers;
    private final int highestTenth;
    private final double[][] lanes;
    private final double[] unused = new double[LANES];
    private final double[][] blocks = new double[3][BLOCK];
    private final boolean quickPowersOnly;

    public LaneSums(List<Double> exponents) {
        this.powers = exponents.stream().map(Power::of).toList();
        this.highestTenth =
                powers.stream()
                        .mapToInt(p -> p instanceof Power.Tenths(int k) ? k : 0)
                        .max()
                        .orElse(0);
        this.quickPowersOnly =
                powers.stream()
                        .noneMatch(p -> p instanceof Power.Tenths || p instanceof Power.General);
        this.lanes = new double[powers.size()][LANES];
    }

    public void clear() {
        for (double[] lane : lanes) {
            Arrays.fill(lane, 0);
        }
    }

    public int exponents() {
        return lanes.length;
    }

    /**
     * The sum for one exponent: lane l and l + 8 are added for each l below 8, then l and l + 4, l
     * and l + 2, l and l + 1.
     */
    public double sum(int exponent) {
        double[] lane = lanes[exponent];
        double a = (lane[0] + lane[8]) + (lane[4] + lane[12]);
        double b = (lane[1] + lane[9]) + (lane[5] + lane[13]);
        double c = (lane[2] + lane[10]) + (lane[6] + lane[14]);
        double d = (lane[3] + lane[11]) + (lane[7] + lane[15]);
        return (a + c) + (b + d);
    }

    Power power(int exponent) {
        return powers.get(exponent);
    }

    /** The largest k for which x^(k/10) is taken from the tenth root; 0 where none is. */
    int highestTenth() {
        return highestTenth;
    }

    double[] lanes(int exponent) {
        return lanes[exponent];
    }

    /** Whether 0.5, 1 and 2 are all that is asked for. */
    boolean hasQuickPowersOnly() {
        return quickPowersOnly;
    }

    double[] rootLanes() {
        return lanes(new Power.Root());
    }

    double[] identityLanes() {
        return lanes(new Power.Identity());
    }

    double[] squareLanes() {
        return lanes(new Power.Square());
    }

    boolean hasRoots() {
        return powers.contains(new Power.Root());
    }

    /** The lanes of a power; where nobody asked for it, some that nobody reads. */
    private double[] lanes(Power power) {
        int exponent = powers.indexOf(power);
        return exponent < 0 ? unused : lanes[exponent];
    }

    /** |w|, 0 after the last one up to a multiple of LANES. */
    double[] magnitudes() {
        return blocks[0];
    }

    double[] tenthRoots() {
        return blocks[1];
    }

    /** What is added next. */
    double[] terms() {
        return blocks[2];
    }
}
