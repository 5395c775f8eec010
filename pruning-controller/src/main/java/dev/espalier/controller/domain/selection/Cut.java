// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.schemas.tensor.MaskTensor;

/** Clears the bits of the weights that go. Blocks come in the order of the index, for the ties. */
final class Cut {

    private final long key;
    private long ties;
    private long gone;

    Cut(Threshold threshold) {
        this.key = threshold.key();
        this.ties = threshold.ties();
    }

    /**
     * @param from position of the first key that matters
     * @param index of the weight whose key that is
     */
    void apply(long[] keys, int from, int n, long index, MaskTensor mask) {
        for (int done = 0; done < n; done += 64) {
            int size = Math.min(64, n - done);
            long active = mask.bits(index + done, size);
            if (active != 0) {
                long going = going(keys, from + done, size, active);
                gone += Long.bitCount(going);
                clear(mask, index + done, going);
            }
        }
    }

    /** Refuses to have cleared another number of bits than was planned. */
    void requireGone(long planned) {
        if (gone != planned) {
            throw new IllegalStateException(
                    "%d weights of a group went, %d were planned".formatted(gone, planned));
        }
    }

    /** One bit per active weight that goes. Free of branches but for the ties, which are rare. */
    private long going(long[] keys, int from, int size, long active) {
        long below = 0;
        long equal = 0;
        for (int i = 0; i < size; i++) {
            long difference = keys[from + i] - key;
            below |= (difference >>> 63) << i;
            equal |= ((difference - 1) >>> 63) << i;
        }
        long going = below & active;
        equal &= ~below & active;
        while (equal != 0 && ties > 0) {
            going |= Long.lowestOneBit(equal);
            equal &= equal - 1;
            ties--;
        }
        return going;
    }

    private static void clear(MaskTensor mask, long index, long going) {
        for (long left = going; left != 0; left &= left - 1) {
            mask.clear(index + Long.numberOfTrailingZeros(left));
        }
    }
}
