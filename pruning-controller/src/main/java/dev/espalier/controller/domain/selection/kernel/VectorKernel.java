// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The Vector API: a comparison of a vector is a few bits of a mask word. */
public final class VectorKernel implements Kernel {

    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

    @Override
    public String name() {
        return "vector of %d bits".formatted(INTS.vectorBitSize());
    }

    @Override
    public int compare(short[] tile, int n, int low, int top, long[] below, long[] upTo) {
        ShortVector largest = ShortVector.zero(SHORTS);
        ShortVector lows = ShortVector.broadcast(SHORTS, (short) low);
        ShortVector tops = ShortVector.broadcast(SHORTS, (short) top);
        for (int at = 0; at < n; at += 64) {
            long less = 0;
            long notMore = 0;
            for (int i = 0; i < 64; i += SHORTS.length()) {
                ShortVector keys =
                        ShortVector.fromArray(SHORTS, tile, at + i)
                                .lanewise(VectorOperators.AND, Short.MAX_VALUE);
                largest = largest.max(keys);
                less |= keys.compare(VectorOperators.LT, lows).toLong() << i;
                notMore |= keys.compare(VectorOperators.LE, tops).toLong() << i;
            }
            below[at >>> 6] = less;
            upTo[at >>> 6] = notMore;
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public int compare(int[] tile, int n, int low, int top, long[] below, long[] upTo) {
        IntVector largest = IntVector.zero(INTS);
        IntVector lows = IntVector.broadcast(INTS, low);
        IntVector tops = IntVector.broadcast(INTS, top);
        for (int at = 0; at < n; at += 64) {
            long less = 0;
            long notMore = 0;
            for (int i = 0; i < 64; i += INTS.length()) {
                IntVector keys =
                        IntVector.fromArray(INTS, tile, at + i)
                                .lanewise(VectorOperators.AND, Integer.MAX_VALUE);
                largest = largest.max(keys);
                less |= keys.compare(VectorOperators.LT, lows).toLong() << i;
                notMore |= keys.compare(VectorOperators.LE, tops).toLong() << i;
            }
            below[at >>> 6] = less;
            upTo[at >>> 6] = notMore;
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public long compare(long[] tile, int n, long low, long top, long[] below, long[] upTo) {
        LongVector largest = LongVector.zero(LONGS);
        LongVector lows = LongVector.broadcast(LONGS, low);
        LongVector tops = LongVector.broadcast(LONGS, top);
        for (int at = 0; at < n; at += 64) {
            long less = 0;
            long notMore = 0;
            for (int i = 0; i < 64; i += LONGS.length()) {
                LongVector keys =
                        LongVector.fromArray(LONGS, tile, at + i)
                                .lanewise(VectorOperators.AND, Long.MAX_VALUE);
                largest = largest.max(keys);
                less |= keys.compare(VectorOperators.LT, lows).toLong() << i;
                notMore |= keys.compare(VectorOperators.LE, tops).toLong() << i;
            }
            below[at >>> 6] = less;
            upTo[at >>> 6] = notMore;
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }
}
