// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One bit per weight of a tensor, row-major: 1 is active, 0 is pruned. Bit i is bit i mod 64 of
 * word i / 64, which is the same as bit i mod 8 of byte i / 8 in the file. Unused bits are 0.
 *
 * <p>The bits are on the heap where they are few, in native memory where they are many, or in a
 * mapped {@link MaskFile}. Not safe for writing by several threads at once.
 */
public final class MaskTensor {

    /** From this size on the bits are in native memory, not on the heap. */
    private static final long NATIVE_BYTES = 1L << 20;

    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final List<Long> shape;
    private final long count;
    private final int wordCount;

    /** Little-endian; ends with the last byte that holds a bit, or with the last word. */
    private final MemorySegment bits;

    /** Words that lie wholly in the memory; at most one more has only some of its bytes there. */
    private final int wholeWords;

    private MaskTensor(List<Long> shape, long count, MemorySegment bits) {
        this.shape = shape;
        this.count = count;
        this.wordCount = Math.toIntExact(Math.ceilDiv(count, 64L));
        this.bits = bits;
        this.wholeWords = (int) (bits.byteSize() >>> 3);
    }

    /** All weights active. */
    public static MaskTensor ones(List<Long> shape) {
        MaskTensor mask = zeros(shape);
        mask.fill();
        return mask;
    }

    /** All weights pruned. */
    public static MaskTensor zeros(List<Long> shape) {
        long count = TensorInfo.elements("mask", shape);
        int words = Math.toIntExact(Math.ceilDiv(count, 64L));
        return new MaskTensor(List.copyOf(shape), count, zeros(words));
    }

    private static MemorySegment zeros(int words) {
        long bytes = words * 8L;
        return bytes < NATIVE_BYTES
                ? MemorySegment.ofArray(new byte[(int) bytes])
                : Arena.ofAuto().allocate(bytes, Long.BYTES);
    }

    /**
     * A mask over bytes as they stand in a file. They are not copied.
     *
     * @param bytes one bit per weight, rounded up to whole bytes
     */
    static MaskTensor over(List<Long> shape, MemorySegment bytes) {
        return new MaskTensor(List.copyOf(shape), TensorInfo.elements("mask", shape), bytes);
    }

    boolean hasUnusedBitsSet() {
        return wordCount > 0 && (word(wordCount - 1) & ~usedBits(wordCount - 1)) != 0;
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
        int first = (int) Math.ceilDiv(from, 64L);
        int end = (int) (to >>> 6);
        if (first > end) {
            return few(from, to);
        }
        long total = few(from, 64L * first) + few(64L * end, to);
        // Nothing but this in the loop, so that it becomes one of vectors.
        for (int word = first; word < end; word++) {
            total += Long.bitCount(bits.get(WORD, 8L * word));
        }
        return total;
    }

    /** Number of active weights in a stretch of less than 64. */
    private long few(long from, long to) {
        return from == to ? 0 : Long.bitCount(bits(from, (int) (to - from)));
    }

    public boolean get(long index) {
        return (bits.get(ValueLayout.JAVA_BYTE, index >>> 3) >>> (index & 7) & 1) != 0;
    }

    public void set(long index) {
        byte old = bits.get(ValueLayout.JAVA_BYTE, index >>> 3);
        bits.set(ValueLayout.JAVA_BYTE, index >>> 3, (byte) (old | 1 << (index & 7)));
    }

    public void clear(long index) {
        byte old = bits.get(ValueLayout.JAVA_BYTE, index >>> 3);
        bits.set(ValueLayout.JAVA_BYTE, index >>> 3, (byte) (old & ~(1 << (index & 7))));
    }

    /**
     * The bits of n weights from an index on, in the low bits of the result.
     *
     * @param n 1 to 64
     */
    public long bits(long index, int n) {
        int word = (int) (index >>> 6);
        int shift = (int) (index & 63);
        long found = word(word) >>> shift;
        if (shift != 0 && shift + n > 64) {
            found |= word(word + 1) << (64 - shift);
        }
        return n == 64 ? found : found & ((1L << n) - 1);
    }

    /** 64 weights from index 64 · word on. */
    public long word(int word) {
        return word < wholeWords ? bits.get(WORD, (long) word << 3) : lastWord(word);
    }

    private long lastWord(int word) {
        long start = (long) word << 3;
        long found = 0;
        for (long at = bits.byteSize() - 1; at >= start; at--) {
            found = (found << 8) | (bits.get(ValueLayout.JAVA_BYTE, at) & 0xFF);
        }
        return found;
    }

    /** Sets 64 weights from index 64 · word on; bits after the last weight stay 0. */
    public void setWord(int word, long value) {
        long used = value & usedBits(word);
        if (word < wholeWords) {
            bits.set(WORD, (long) word << 3, used);
            return;
        }
        for (long at = (long) word << 3; at < bits.byteSize(); at++) {
            bits.set(ValueLayout.JAVA_BYTE, at, (byte) used);
            used >>>= 8;
        }
    }

    public int wordCount() {
        return wordCount;
    }

    private long usedBits(int word) {
        int tail = (int) (count & 63);
        return tail == 0 || word < wordCount - 1 ? -1L : (1L << tail) - 1;
    }

    /** Makes all weights active. */
    public void fill() {
        bits.fill((byte) -1);
        if (wordCount > 0) {
            setWord(wordCount - 1, -1L);
        }
    }

    /** Takes all bits of a mask of the same shape. */
    public void copyFrom(MaskTensor other) {
        if (!shape.equals(other.shape)) {
            throw new IllegalArgumentException(
                    "a mask of shape %s cannot take the bits of one of shape %s"
                            .formatted(shape, other.shape));
        }
        bytes().copyFrom(other.bytes());
    }

    /** What stands in a file. */
    MemorySegment bytes() {
        return bits.asSlice(0, Math.ceilDiv(count, 8L));
    }

    public MaskTensor copy() {
        MaskTensor copy = zeros(shape);
        copy.copyFrom(this);
        return copy;
    }

    /** Whether every weight that is active here is active there too. */
    public boolean isSubsetOf(MaskTensor other) {
        if (!shape.equals(other.shape)) {
            return false;
        }
        for (int i = 0; i < wordCount; i++) {
            if ((word(i) & ~other.word(i)) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof MaskTensor other
                && shape.equals(other.shape)
                && bytes().mismatch(other.bytes()) < 0;
    }

    @Override
    public int hashCode() {
        int hash = shape.hashCode();
        for (int i = 0; i < wordCount; i++) {
            hash = 31 * hash + Long.hashCode(word(i));
        }
        return hash;
    }

    @Override
    public String toString() {
        return "MaskTensor" + shape + " with " + active() + " of " + count + " active";
    }
}
