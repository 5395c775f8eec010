// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.schemas.tensor.MaskTensor;

/**
 * Selection in a group that fits in memory, by radix exchange: split by the highest bit that
 * differs, go on in the half that holds the rank. Linear for weights as they are, and at worst one
 * pass per bit of a key, whoever chose them. One array serves every row.
 */
final class RowSelect {

    private final long[] scratch;

    RowSelect(int most) {
        this.scratch = new long[most];
    }

    /**
     * @param from position of the row's first key
     * @param n length of the row
     * @param index of its first weight
     * @param c how many of its active weights go, at least 1 and at most all of them
     */
    void prune(long[] keys, int from, int n, long index, Stretch tensor, long c) {
        int active = gather(keys, from, n, index, tensor.mask());
        if (active < c) {
            throw UnusableSnapshotException.tooFew(tensor.tensor().name(), active, c);
        }
        var cut = new Cut(threshold(active, (int) c));
        cut.apply(keys, from, n, index, tensor.mask());
        cut.requireGone(c);
    }

    private int gather(long[] keys, int from, int n, long index, MaskTensor mask) {
        int count = 0;
        for (int done = 0; done < n; done += 64) {
            long active = mask.bits(index + done, Math.min(64, n - done));
            for (; active != 0; active &= active - 1) {
                scratch[count++] = keys[from + done + Long.numberOfTrailingZeros(active)];
            }
        }
        return count;
    }

    private Threshold threshold(int active, int c) {
        int low = 0;
        int high = active;
        int rank = c - 1;
        while (true) {
            long differing = 0;
            for (int i = low + 1; i < high; i++) {
                differing |= scratch[i] ^ scratch[low];
            }
            if (differing == 0) {
                return new Threshold(scratch[low], rank - low + 1L);
            }
            int middle = split(low, high, Long.highestOneBit(differing));
            if (rank < middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
    }

    /** Moves the keys without the bit to the front; where those with it begin. */
    private int split(int low, int high, long bit) {
        int left = low;
        int right = high - 1;
        while (left <= right) {
            if ((scratch[left] & bit) == 0) {
                left++;
            } else {
                long key = scratch[left];
                scratch[left] = scratch[right];
                scratch[right] = key;
                right--;
            }
        }
        return left;
    }
}
