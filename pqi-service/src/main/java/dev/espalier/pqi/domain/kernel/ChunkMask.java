// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import dev.espalier.schemas.tensor.MaskTensor;

/** The mask bits of one chunk, copied, so that kernels do not care where a mask comes from. */
public final class ChunkMask {

    /** One word more than the chunk has, so that bits across a word boundary need no check. */
    private final long[] words = new long[WeightChunk.MOST_WEIGHTS / 64 + 1];

    /**
     * Takes the bits of a chunk.
     *
     * @param first index of the chunk's first weight in its tensor, a multiple of 64
     */
    public void load(MaskTensor mask, long first, int count) {
        int firstWord = (int) (first >>> 6);
        int wordCount = Math.ceilDiv(count, 64);
        for (int i = 0; i < wordCount; i++) {
            words[i] = mask.word(firstWord + i);
        }
        words[wordCount] = 0;
    }

    /**
     * The bits of weights from an index of the chunk on, in the low bits of the result; above them
     * are those of the weights that follow.
     */
    long bits(int index) {
        int word = index >>> 6;
        int shift = index & 63;
        return shift == 0
                ? words[word]
                : words[word] >>> shift | words[word + 1] << (Long.SIZE - shift);
    }

    /** Copies the bits of n weights from an index of the chunk on, 64 to a word. */
    void copy(int index, int n, long[] target) {
        int count = Math.ceilDiv(n, Long.SIZE);
        if ((index & 63) == 0) {
            System.arraycopy(words, index >>> 6, target, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[i] = bits(index + i * Long.SIZE);
        }
    }

    /** Number of active weights from one index (included) to another (excluded). */
    public int active(int from, int to) {
        int total = 0;
        for (int i = from; i < to; i += Long.SIZE) {
            long bits = bits(i);
            int n = to - i;
            total += Long.bitCount(n >= Long.SIZE ? bits : bits & ((1L << n) - 1));
        }
        return total;
    }
}
