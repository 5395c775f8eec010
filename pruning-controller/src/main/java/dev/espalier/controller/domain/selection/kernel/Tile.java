// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A few weights in the first-level cache, as wide as their keys, and what the last comparison said
 * of them. Copying them there costs nothing beside the memory they come from, and spares every loop
 * the difference between mapped, native and heap memory.
 */
public abstract sealed class Tile permits ShortTile, IntTile, LongTile {

    /** Most weights of a tile. */
    public static final int LENGTH = 1 << 11;

    static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public final long[] below = new long[LENGTH / 64];
    public final long[] upTo = new long[LENGTH / 64];

    public static Tile of(KeyType type, Kernel kernel) {
        return switch (type) {
            case F16, BF16 -> new ShortTile(kernel);
            case F32 -> new IntTile(kernel);
            case F64 -> new LongTile(kernel);
        };
    }

    /**
     * @param at offset of the first weight in bytes
     * @param n number of weights; what is after them up to a whole word becomes 0
     */
    public abstract void load(MemorySegment bytes, long at, DType from, int n);

    /**
     * Sets {@link #below} and {@link #upTo}.
     *
     * @return the largest key, of weights that are masked too
     */
    public abstract long compare(int n, long low, long top);

    /** The key at a position. */
    public abstract long key(int i);

    /**
     * Counts keys of one word of the tile.
     *
     * @param which bit by bit
     * @param interval that all of them are in
     */
    public abstract void count(int word, long which, Interval interval, long[] bins);

    /**
     * Appends keys of one word of the tile. What is after them in a word's length is overwritten.
     *
     * @return the number of keys there are then
     */
    public abstract int gather(int word, long which, long[] keys, int count);

    /** 1 if a bit is set, 0 if none is. */
    static int some(long bits) {
        return (int) ((bits | -bits) >>> 63);
    }

    static int wholeWords(int n) {
        return (n + 63) & -64;
    }

    static IllegalStateException noWeights(DType type) {
        return new IllegalStateException(type + " is no type of weights of these keys");
    }
}
