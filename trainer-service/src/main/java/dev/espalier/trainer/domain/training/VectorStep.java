// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two passes of {@link SgdStep} in vectors. Every operation is lane by lane and rounded as its
 * scalar counterpart is, and the lanes of the sum are those of the scalar code, so the bytes are
 * the same, whatever the compiler made of it. Loaded only where the vector module is.
 */
final class VectorStep {

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_256;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int BYTES = 32;

    private VectorStep() {}

    /** Whether the machine has vectors of this size; without them, the loops would crawl. */
    static boolean isFast() {
        return FloatVector.SPECIES_PREFERRED.length() >= FLOATS.length();
    }

    /** Adds the squares of all masked gradients to 8 sums: number i belongs to sum i mod 8. */
    static void addSquares(MemorySegment g, MemorySegment k, long length, double[] sums) {
        DoubleVector low = DoubleVector.fromArray(DOUBLES, sums, 0);
        DoubleVector high = DoubleVector.fromArray(DOUBLES, sums, 4);
        for (long at = 0; at < 4 * length; at += BYTES) {
            FloatVector x =
                    FloatVector.fromMemorySegment(FLOATS, g, at, ORDER)
                            .mul(FloatVector.fromMemorySegment(FLOATS, k, at, ORDER));
            DoubleVector a = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector b = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 1);
            low = low.add(a.mul(a));
            high = high.add(b.mul(b));
        }
        low.intoArray(sums, 0);
        high.intoArray(sums, 4);
    }

    static void apply(ParameterArena arena, SgdStep.Factors f) {
        MemorySegment weights = arena.weights();
        MemorySegment gradients = arena.gradients();
        MemorySegment momentum = arena.momentum();
        MemorySegment mask = arena.mask();
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector decay = FloatVector.broadcast(FLOATS, f.decay());
        FloatVector mu = FloatVector.broadcast(FLOATS, f.momentum());
        FloatVector ahead = FloatVector.broadcast(FLOATS, f.ahead());
        FloatVector rate = FloatVector.broadcast(FLOATS, f.rate());
        for (long at = 0; at < 4 * arena.length(); at += BYTES) {
            FloatVector w = FloatVector.fromMemorySegment(FLOATS, weights, at, ORDER);
            FloatVector k = FloatVector.fromMemorySegment(FLOATS, mask, at, ORDER);
            FloatVector g = FloatVector.fromMemorySegment(FLOATS, gradients, at, ORDER);
            g = w.fma(decay, g.mul(f.clip()).mul(k));
            FloatVector m = FloatVector.fromMemorySegment(FLOATS, momentum, at, ORDER).fma(mu, g);
            m.intoMemorySegment(momentum, at, ORDER);
            m.fma(ahead, g.mul(f.own())).fma(rate, w).intoMemorySegment(weights, at, ORDER);
            zero.intoMemorySegment(gradients, at, ORDER);
        }
    }
}
