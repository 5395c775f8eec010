// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.schemas.tensor.MaskTensor;

/**
 * Counts one digit of the active keys whose higher digits are known. Histograms of disjoint parts
 * add, which is why the parts may be counted anywhere.
 */
final class Histogram {

    private final long prefix;
    private final int shift;
    private final int digit;
    private final long[] bins;

    /**
     * @param prefix the digits above, which a key must have to be counted
     * @param shift number of bits below the digit
     * @param digit its width in bits
     */
    Histogram(long prefix, int shift, int digit) {
        this.prefix = prefix;
        this.shift = shift;
        this.digit = digit;
        this.bins = new long[1 << digit];
    }

    void count(long[] keys, int n, long index, MaskTensor mask) {
        for (int done = 0; done < n; done += 64) {
            int size = Math.min(64, n - done);
            long active = mask.bits(index + done, size);
            if (active == -1L) {
                for (int i = done; i < done + 64; i++) {
                    count(keys[i]);
                }
            } else {
                for (; active != 0; active &= active - 1) {
                    count(keys[done + Long.numberOfTrailingZeros(active)]);
                }
            }
        }
    }

    private void count(long key) {
        long top = key >>> shift;
        if (top >>> digit == prefix) {
            bins[(int) top & (bins.length - 1)]++;
        }
    }

    /**
     * The digit of the key with a rank.
     *
     * @param rank 0 is the smallest key that was counted
     * @return the digit, and the rank among the keys that have it
     */
    Place find(long rank) {
        long left = rank;
        for (int bin = 0; bin < bins.length; bin++) {
            if (left < bins[bin]) {
                return new Place(bin, left);
            }
            left -= bins[bin];
        }
        throw new IllegalStateException(
                "rank %d is wanted, only %d keys were counted: the weights changed while they were read"
                        .formatted(rank, rank - left));
    }

    record Place(int digit, long rank) {}
}
