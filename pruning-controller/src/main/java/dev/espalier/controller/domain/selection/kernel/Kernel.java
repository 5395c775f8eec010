// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

/**
 * Compares the keys of a tile with two bounds. Its signs are removed on the way. All kernels give
 * the same bits.
 *
 * <p>Of every method: {@code n} is a multiple of 64 and at most the length of the tile, {@code
 * below} gets a bit for each key below {@code low}, {@code upTo} for each that is not above {@code
 * top}, 64 to a word; the largest key is returned.
 */
public interface Kernel {

    /** For the log. */
    String name();

    int compare(short[] tile, int n, int low, int top, long[] below, long[] upTo);

    int compare(int[] tile, int n, int low, int top, long[] below, long[] upTo);

    long compare(long[] tile, int n, long low, long top, long[] below, long[] upTo);
}
