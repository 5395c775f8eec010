// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The sums of one run while a kernel works on it, one per exponent and lane, and the kernel's
 * working memory. One per thread.
 */
public final class LaneSums {

    /** More than any vector has, so that two additions to one lane need not wait for each other. */
    public static final int LANES = 16;

    /**
     * Weights after which what the roots lack goes to their lanes, and that a vector kernel takes
     * at once; a multiple of LANES. It is part of the result, see {@link PowerSumKernel}.
     */
    static final int BLOCK = 4096;

    /** Weights that fit the first-level cache beside all that is made of them. */
    public static final int STRIP = 1024;

    private static final int ALIGNMENT = 64;

    private final List<Power> powers;
    private final int highestTenth;
    private final double[][] lanes;
    private final double[][] tenths;
    private final double[] roots;
    private final double[] identities;
    private final double[] squares;
    private final boolean general;
    private final boolean rooted;
    private final Block block = new Block();

    /** What a kernel makes of one block of weights, strip by strip; nothing here outlives it. */
    static final class Block {

        /** |w| as the bits of floats, 0 up to a multiple of LANES; not used for F64. */
        final int[] bits = new int[STRIP];

        /** Weights as floats, where vectors of any element type reach them. */
        final MemorySegment floats = Arena.ofAuto().allocate((long) BLOCK * Float.BYTES, ALIGNMENT);

        /** |w| in double. */
        final double[] magnitudes = new double[STRIP];

        final double[] tenthRoots = new double[STRIP];

        /** What is added next. */
        final double[] terms = new double[STRIP];

        /** |w| again, and the s of {@link FloatRoot}. */
        final float[] values = new float[STRIP];

        final float[] roots = new float[STRIP];

        /** The e and h of {@link FloatRoot}. */
        final float[] remainders = new float[STRIP];

        final float[] inverses = new float[STRIP];

        /** The sums of e·h, by lane. */
        final float[] corrections = new float[LANES];

        /** Bits of floats on their way. */
        final int[] estimates = new int[STRIP];

        /** The mask from the first weight of a block on, one bit per weight. */
        final long[] active = new long[BLOCK / Long.SIZE];
    }

    public LaneSums(List<Double> exponents) {
        this.powers = exponents.stream().map(Power::of).toList();
        this.highestTenth =
                powers.stream()
                        .mapToInt(p -> p instanceof Power.Tenths(int k) ? k : 0)
                        .max()
                        .orElse(0);
        this.lanes = new double[powers.size()][LANES];
        this.general = powers.stream().anyMatch(p -> p instanceof Power.General);
        this.rooted = powers.contains(new Power.Root());
        this.roots = lanes(new Power.Root());
        this.identities = lanes(new Power.Identity());
        this.squares = lanes(new Power.Square());
        int groups = Math.ceilDiv(highestTenth, Power.Tenths.TOGETHER);
        this.tenths = new double[groups * Power.Tenths.TOGETHER][];
        for (int k = 1; k <= tenths.length; k++) {
            tenths[k - 1] = lanes(new Power.Tenths(k));
        }
    }

    /** The lanes of a power; where nobody asked for it, some that nobody reads. */
    private double[] lanes(Power power) {
        int exponent = powers.indexOf(power);
        return exponent < 0 ? new double[LANES] : lanes[exponent];
    }

    public void clear() {
        for (double[] lane : lanes) {
            Arrays.fill(lane, 0);
        }
        Arrays.fill(squares, 0);
    }

    public int exponents() {
        return lanes.length;
    }

    /**
     * The sum for one exponent: lane l and l + 8 are added for each l below 8, then l and l + 4, l
     * and l + 2, l and l + 1.
     */
    public double sum(int exponent) {
        return sum(lanes[exponent]);
    }

    /** Σ|w|², whether asked for or not. */
    double squares() {
        return sum(squares);
    }

    private static double sum(double[] lane) {
        double a = (lane[0] + lane[8]) + (lane[4] + lane[12]);
        double b = (lane[1] + lane[9]) + (lane[5] + lane[13]);
        double c = (lane[2] + lane[10]) + (lane[6] + lane[14]);
        double d = (lane[3] + lane[11]) + (lane[7] + lane[15]);
        return (a + c) + (b + d);
    }

    Power power(int exponent) {
        return powers.get(exponent);
    }

    double[] lanes(int exponent) {
        return lanes[exponent];
    }

    /** The largest k for which x^(k/10) is taken from the tenth root; 0 where none is. */
    int highestTenth() {
        return highestTenth;
    }

    /**
     * The lanes of x^(k/10), whether asked for or not.
     *
     * @param k from 1 to {@link #highestTenth}, or further in the same group of {@link
     *     Power.Tenths#TOGETHER}
     */
    double[] tenthLanes(int k) {
        return tenths[k - 1];
    }

    boolean hasGeneralPowers() {
        return general;
    }

    boolean hasRoots() {
        return rooted;
    }

    double[] rootLanes() {
        return roots;
    }

    double[] identityLanes() {
        return identities;
    }

    double[] squareLanes() {
        return squares;
    }

    Block block() {
        return block;
    }
}
