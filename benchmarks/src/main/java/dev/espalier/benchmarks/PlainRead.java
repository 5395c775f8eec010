// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The least that a pass over memory can do: the exclusive or of all words. */
final class PlainRead {

    private static final VectorSpecies<Long> WORDS = LongVector.SPECIES_PREFERRED;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private PlainRead() {}

    /**
     * @param bytes what is left over at the end of four vectors is not read
     */
    static long of(MemorySegment bytes) {
        int width = WORDS.vectorByteSize();
        LongVector a = LongVector.zero(WORDS);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (long i = 0; i + 4L * width <= bytes.byteSize(); i += 4L * width) {
            a = a.lanewise(VectorOperators.XOR, LongVector.fromMemorySegment(WORDS, bytes, i, LE));
            b =
                    b.lanewise(
                            VectorOperators.XOR,
                            LongVector.fromMemorySegment(WORDS, bytes, i + width, LE));
            c =
                    c.lanewise(
                            VectorOperators.XOR,
                            LongVector.fromMemorySegment(WORDS, bytes, i + 2L * width, LE));
            d =
                    d.lanewise(
                            VectorOperators.XOR,
                            LongVector.fromMemorySegment(WORDS, bytes, i + 3L * width, LE));
        }
        return a.lanewise(VectorOperators.XOR, b)
                .lanewise(VectorOperators.XOR, c.lanewise(VectorOperators.XOR, d))
                .reduceLanes(VectorOperators.XOR);
    }
}
