// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

import dev.espalier.schemas.tensor.MaskTensor;

/** Up to 64 weights at once. */
public final class Bits {

    private Bits() {}

    /** The first bits that are set, or all of them where there are no more. */
    public static long first(long bits, long most) {
        if (Long.bitCount(bits) <= most) {
            return bits;
        }
        long first = 0;
        long rest = bits;
        for (long i = 0; i < most; i++) {
            first |= Long.lowestOneBit(rest);
            rest &= rest - 1;
        }
        return first;
    }

    /**
     * Clears weights, wherever they begin.
     *
     * @param going bit i is the weight {@code index + i}
     */
    public static void clear(MaskTensor mask, long index, long going) {
        if (going == 0) {
            return;
        }
        int word = (int) (index >>> 6);
        int shift = (int) (index & 63);
        mask.setWord(word, mask.word(word) & ~(going << shift));
        long rest = shift == 0 ? 0 : going >>> (64 - shift);
        if (rest != 0) {
            mask.setWord(word + 1, mask.word(word + 1) & ~rest);
        }
    }
}
