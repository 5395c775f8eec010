// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

/**
 * Keys that are counted in bins of equal width.
 *
 * @param low the first key
 * @param shift the width of a bin is 1 shifted by this
 * @param bins how many there are, at most {@link #MOST_BINS}
 */
public record Interval(long low, int shift, int bins) {

    public static final int MOST_BINS = 1 << 16;

    private static final int FIRST_DIGIT = 15;

    /** Every key: as many bins as there are keys of 16 bits, whatever the type. */
    public static Interval all(KeyType type) {
        return new Interval(0, type.bits() - FIRST_DIGIT, 1 << FIRST_DIGIT);
    }

    /** The last key. */
    public long top() {
        return low + (((long) bins << shift) - 1);
    }

    /** Neighbouring bins, divided as finely as can be. */
    public Interval within(int first, int last) {
        long count = last - first + 1L;
        int finer = 0;
        while (finer < shift && count << (finer + 1) <= MOST_BINS) {
            finer++;
        }
        return new Interval(low + ((long) first << shift), shift - finer, (int) (count << finer));
    }
}
