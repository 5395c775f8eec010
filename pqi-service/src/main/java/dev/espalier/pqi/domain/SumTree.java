// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

/**
 * The order in which the sums of the chunks of a tensor are added: the first 2^k of them, with 2^k
 * the largest power of two below their number, then the others, each part by the same rule. The
 * error grows with the logarithm of the number of chunks, and who computed which chunk is no part
 * of the result.
 */
final class SumTree {

    private SumTree() {}

    static double sum(double[] parts) {
        return sum(parts, 0, parts.length);
    }

    private static double sum(double[] parts, int from, int to) {
        int n = to - from;
        if (n <= 1) {
            return n == 0 ? 0 : parts[from];
        }
        int middle = from + Integer.highestOneBit(n - 1);
        return sum(parts, from, middle) + sum(parts, middle, to);
    }
}
