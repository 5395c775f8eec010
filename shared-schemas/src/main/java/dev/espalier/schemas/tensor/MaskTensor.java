// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * One bit per weight of a tensor, row-major: 1 is active, 0 is pruned. Bit i is bit i mod 64 of
 * word i / 64, which is the same as bit i mod 8 of byte i / 8 in the file. Unused bits are 0.
 *
 * <p>Not safe for writing by several threads at once.
 */
public final class MaskTensor {

    private final List<Long> shape;
    private final long count;
    private final long[] words;

    private MaskTensor(List<Long> shape, long count, long[] words) {
        this.shape = shape;
        this.count = count;
        this.words = words;
    }

    /** All weights active. */
    public static MaskTensor ones(List<Long> shape) {
        MaskTensor mask = zeros(shape);
        Arrays.fill(mask.words, -1L);
        int tail = (int) (mask.count & 63);
        if (tail != 0) {
            mask.words[mask.words.length - 1] = (1L << tail) - 1;
        }
        return mask;
    }

    /** All weights pruned. */
    public static MaskTensor zeros(List<Long> shape) {
        long count = TensorInfo.elements("mask", shape);
        return new MaskTensor(
                List.copyOf(shape), count, new long[Math.toIntExact(Math.ceilDiv(count, 64L))]);
    }

    public List<Long> shape() {
        return shape;
    }

    /** Number of weights. */
    public long count() {
        return count;
    }

    /** Number of active weights. */
    public long active() {
        return active(0, count);
    }

    /** Number of active weights among those from one index (included) to another (excluded). */
    public long active(long from, long to) {
        long total = 0;
        for (long i = from; i < to; ) {
            int n = (int) Math.min(64, to - i);
            total += Long.bitCount(bits(i, n));
            i += n;
        }
        return total;
    }

    public boolean get(long index) {
        return (words[(int) (index >>> 6)] >>> index & 1) != 0;
    }

    public void set(long index) {
        words[(int) (index >>> 6)] |= 1L << index;
    }

    public void clear(long index) {
        words[(int) (index >>> 6)] &= ~(1L << index);
    }

    /**
     * The bits of n weights from an index on, in the low bits of the result.
     *
     * @param n 1 to 64
     */
    public long bits(long index, int n) {
        int word = (int) (index >>> 6);
        int shift = (int) (index & 63);
        long bits = words[word] >>> shift;
        if (shift != 0 && shift + n > 64) {
            bits |= words[word + 1] << (64 - shift);
        }
        return n == 64 ? bits : bits & ((1L << n) - 1);
    }

    /** 64 weights from index 64 · word on. */
    public long word(int word) {
        return words[word];
    }

    public int wordCount() {
        return words.length;
    }

    void setWord(int word, long bits) {
        words[word] = bits;
    }

    public MaskTensor copy() {
        return new MaskTensor(shape, count, words.clone());
    }

    /** Whether every weight that is active here is active there too. */
    public boolean isSubsetOf(MaskTensor other) {
        if (!shape.equals(other.shape)) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if ((words[i] & ~other.words[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof MaskTensor other
                && shape.equals(other.shape)
                && Arrays.equals(words, other.words);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return "MaskTensor" + shape + " with " + active() + " of " + count + " active";
    }
}
