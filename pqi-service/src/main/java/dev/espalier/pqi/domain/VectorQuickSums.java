// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** The powers 0.5, 1 and 2 of floats. A column of lanes is as wide as the machine's vector. */
final class VectorQuickSums {

    static final VectorSpecies<Float> FLOATS = floats();
    static final int WIDTH = FLOATS.length();

    /** As many bits as there are floats in a vector. */
    static final long ONES = (1L << WIDTH) - 1;

    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /** Half a column. */
    static final VectorSpecies<Double> DOUBLES = FLOATS.withLanes(double.class);

    private static final int HALF = WIDTH / 2;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** Bits of the index of a weight in its block. */
    static final int IN_BLOCK = LaneSums.BLOCK - LaneSums.LANES;

    private VectorQuickSums() {}

    private static VectorSpecies<Float> floats() {
        int bits = Math.min(512, Math.max(128, FloatVector.SPECIES_PREFERRED.vectorBitSize()));
        return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    /**
     * Adds a number of weights from a multiple of BLOCK on, counted from the start of the run.
     *
     * @param floats native, of either sign
     * @param n a multiple of LANES
     * @param active the mask, from the first weight on; null where all are active
     */
    static void addF32(
            MemorySegment floats, long offset, int n, long @Nullable [] active, LaneSums lanes) {
        for (int column = 0; column < LaneSums.LANES; column += WIDTH) {
            if (active != null) {
                addMasked(floats, offset, n, active, column, lanes);
            } else if (lanes.hasRoots()) {
                addWithRoots(floats, offset, n, column, lanes);
            } else {
                addWithoutRoots(floats, offset, n, column, lanes);
            }
        }
    }

    private static void addWithRoots(
            MemorySegment floats, long offset, int n, int column, LaneSums lanes) {
        int high = column + HALF;
        DoubleVector r0 = DoubleVector.fromArray(DOUBLES, lanes.rootLanes(), column);
        DoubleVector r1 = DoubleVector.fromArray(DOUBLES, lanes.rootLanes(), high);
        DoubleVector o0 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), column);
        DoubleVector o1 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), high);
        DoubleVector s0 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), column);
        DoubleVector s1 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), high);
        DoubleVector half = DoubleVector.broadcast(DOUBLES, 0.5);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector c = FloatVector.zero(FLOATS);
        for (int i = column; i < n; i += LaneSums.LANES) {
            IntVector bits =
                    IntVector.fromMemorySegment(INTS, floats, offset + (long) i * Float.BYTES, LE)
                            .and(WeightChunk.MAGNITUDE);
            FloatVector x = bits.reinterpretAsFloats();
            FloatVector s = x.sqrt();
            FloatVector minus = s.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
            FloatVector h =
                    IntVector.broadcast(INTS, FloatRoot.ESTIMATE)
                            .sub(bits.lanewise(VectorOperators.LSHR, 1))
                            .reinterpretAsFloats();
            h = h.fma(minus.fma(h, one), h);
            c = minus.fma(s, x).fma(h, c);
            DoubleVector low = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector up = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 1);
            r0 = r0.add(s.convertShape(VectorOperators.F2D, DOUBLES, 0));
            r1 = r1.add(s.convertShape(VectorOperators.F2D, DOUBLES, 1));
            o0 = o0.add(low);
            o1 = o1.add(up);
            // The square of a float fits a double: one rounding, as where it is added.
            s0 = low.fma(low, s0);
            s1 = up.fma(up, s1);
            if ((i & IN_BLOCK) == IN_BLOCK || i + LaneSums.LANES >= n) {
                r0 = r0.add(c.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(half));
                r1 = r1.add(c.convertShape(VectorOperators.F2D, DOUBLES, 1).mul(half));
                c = FloatVector.zero(FLOATS);
            }
        }
        r0.intoArray(lanes.rootLanes(), column);
        r1.intoArray(lanes.rootLanes(), high);
        o0.intoArray(lanes.identityLanes(), column);
        o1.intoArray(lanes.identityLanes(), high);
        s0.intoArray(lanes.squareLanes(), column);
        s1.intoArray(lanes.squareLanes(), high);
    }

    private static void addMasked(
            MemorySegment floats, long offset, int n, long[] active, int column, LaneSums lanes) {
        int high = column + HALF;
        DoubleVector r0 = DoubleVector.fromArray(DOUBLES, lanes.rootLanes(), column);
        DoubleVector r1 = DoubleVector.fromArray(DOUBLES, lanes.rootLanes(), high);
        DoubleVector o0 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), column);
        DoubleVector o1 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), high);
        DoubleVector s0 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), column);
        DoubleVector s1 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), high);
        DoubleVector half = DoubleVector.broadcast(DOUBLES, 0.5);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        IntVector zero = IntVector.zero(INTS);
        FloatVector c = FloatVector.zero(FLOATS);
        for (int i = column; i < n; i += LaneSums.LANES) {
            IntVector bits =
                    IntVector.fromMemorySegment(INTS, floats, offset + (long) i * Float.BYTES, LE)
                            .and(WeightChunk.MAGNITUDE);
            // C2 gives up on a load under a mask; and without ONES it masks the mask, slowly.
            long some = active[i >>> 6] >>> (i & 63) & ONES;
            bits = zero.blend(bits, VectorMask.fromLong(INTS, some));
            FloatVector x = bits.reinterpretAsFloats();
            FloatVector s = x.sqrt();
            FloatVector minus = s.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
            FloatVector h =
                    IntVector.broadcast(INTS, FloatRoot.ESTIMATE)
                            .sub(bits.lanewise(VectorOperators.LSHR, 1))
                            .reinterpretAsFloats();
            h = h.fma(minus.fma(h, one), h);
            c = minus.fma(s, x).fma(h, c);
            DoubleVector low = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector up = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 1);
            r0 = r0.add(s.convertShape(VectorOperators.F2D, DOUBLES, 0));
            r1 = r1.add(s.convertShape(VectorOperators.F2D, DOUBLES, 1));
            o0 = o0.add(low);
            o1 = o1.add(up);
            // The square of a float fits a double: one rounding, as where it is added.
            s0 = low.fma(low, s0);
            s1 = up.fma(up, s1);
            if ((i & IN_BLOCK) == IN_BLOCK || i + LaneSums.LANES >= n) {
                r0 = r0.add(c.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(half));
                r1 = r1.add(c.convertShape(VectorOperators.F2D, DOUBLES, 1).mul(half));
                c = FloatVector.zero(FLOATS);
            }
        }
        r0.intoArray(lanes.rootLanes(), column);
        r1.intoArray(lanes.rootLanes(), high);
        o0.intoArray(lanes.identityLanes(), column);
        o1.intoArray(lanes.identityLanes(), high);
        s0.intoArray(lanes.squareLanes(), column);
        s1.intoArray(lanes.squareLanes(), high);
    }

    private static void addWithoutRoots(
            MemorySegment floats, long offset, int n, int column, LaneSums lanes) {
        int high = column + HALF;
        DoubleVector o0 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), column);
        DoubleVector o1 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), high);
        DoubleVector s0 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), column);
        DoubleVector s1 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), high);
        for (int i = column; i < n; i += LaneSums.LANES) {
            FloatVector x =
                    FloatVector.fromMemorySegment(
                                    FLOATS, floats, offset + (long) i * Float.BYTES, LE)
                            .abs();
            DoubleVector low = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector up = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 1);
            o0 = o0.add(low);
            o1 = o1.add(up);
            // The square of a float fits a double: one rounding, as where it is added.
            s0 = low.fma(low, s0);
            s1 = up.fma(up, s1);
        }
        o0.intoArray(lanes.identityLanes(), column);
        o1.intoArray(lanes.identityLanes(), high);
        s0.intoArray(lanes.squareLanes(), column);
        s1.intoArray(lanes.squareLanes(), high);
    }
}
