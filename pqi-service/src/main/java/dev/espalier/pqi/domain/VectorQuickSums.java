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
    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /** Half a column. */
    static final VectorSpecies<Double> DOUBLES = FLOATS.withLanes(double.class);

    private static final int HALF = WIDTH / 2;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** For the comparison of numbers with a sign, one added to the other half of the range. */
    private static final int SIGNED_TINY_LIMIT = FloatRoot.TINY_LIMIT ^ Integer.MIN_VALUE;

    /** Bits of the index of a weight in its block. */
    private static final int IN_BLOCK = LaneSums.BLOCK - LaneSums.LANES;

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
     * @return false, and nothing is added, if a weight is tiny and its size matters
     */
    static boolean add(
            MemorySegment floats, long offset, int n, long @Nullable [] active, LaneSums lanes) {
        if (active == null && !lanes.hasRoots() && lanes.highestTenth() == 0) {
            for (int column = 0; column < LaneSums.LANES; column += WIDTH) {
                addWithoutRoots(floats, offset, n, column, lanes);
            }
            return true;
        }
        for (int column = 0; column < LaneSums.LANES; column += WIDTH) {
            boolean done =
                    active == null
                            ? addWithRoots(floats, offset, n, column, lanes)
                            : addMasked(floats, offset, n, active, column, lanes);
            if (!done) {
                return false;
            }
        }
        double[][] pending = lanes.block().pending;
        System.arraycopy(pending[0], 0, lanes.rootLanes(), 0, LaneSums.LANES);
        System.arraycopy(pending[1], 0, lanes.identityLanes(), 0, LaneSums.LANES);
        System.arraycopy(pending[2], 0, lanes.squareLanes(), 0, LaneSums.LANES);
        return true;
    }

    private static boolean addWithRoots(
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
        IntVector smallest = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        for (int i = column; i < n; i += LaneSums.LANES) {
            IntVector bits =
                    IntVector.fromMemorySegment(INTS, floats, offset + (long) i * Float.BYTES, LE)
                            .and(WeightChunk.MAGNITUDE);
            smallest = smallest.min(bits.add(Integer.MAX_VALUE));
            FloatVector x = bits.reinterpretAsFloats();
            FloatVector s = x.sqrt();
            FloatVector minus = s.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
            FloatVector h =
                    IntVector.broadcast(INTS, FloatRoot.ESTIMATE)
                            .sub(bits.lanewise(VectorOperators.LSHR, 1))
                            .reinterpretAsFloats();
            FloatVector r = minus.fma(h, one);
            h = h.fma(r.fma(r, r), h);
            c = minus.fma(s, x).fma(h, c);
            DoubleVector low = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector up = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 1);
            r0 = r0.add(s.convertShape(VectorOperators.F2D, DOUBLES, 0));
            r1 = r1.add(s.convertShape(VectorOperators.F2D, DOUBLES, 1));
            o0 = o0.add(low);
            o1 = o1.add(up);
            s0 = s0.add(low.mul(low));
            s1 = s1.add(up.mul(up));
            if ((i & IN_BLOCK) == IN_BLOCK || i + LaneSums.LANES >= n) {
                r0 = r0.add(c.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(half));
                r1 = r1.add(c.convertShape(VectorOperators.F2D, DOUBLES, 1).mul(half));
                c = FloatVector.zero(FLOATS);
            }
        }
        if (smallest.reduceLanes(VectorOperators.MIN) < SIGNED_TINY_LIMIT) {
            return false;
        }
        double[][] pending = lanes.block().pending;
        r0.intoArray(pending[0], column);
        r1.intoArray(pending[0], high);
        o0.intoArray(pending[1], column);
        o1.intoArray(pending[1], high);
        s0.intoArray(pending[2], column);
        s1.intoArray(pending[2], high);
        return true;
    }

    private static boolean addMasked(
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
        FloatVector c = FloatVector.zero(FLOATS);
        IntVector zero = IntVector.zero(INTS);
        IntVector smallest = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        for (int i = column; i < n; i += LaneSums.LANES) {
            IntVector bits =
                    IntVector.fromMemorySegment(INTS, floats, offset + (long) i * Float.BYTES, LE)
                            .and(WeightChunk.MAGNITUDE);
            // A load under a mask has more nodes, and C2 gives up.
            bits = zero.blend(bits, VectorMask.fromLong(INTS, active[i >>> 6] >>> i));
            smallest = smallest.min(bits.add(Integer.MAX_VALUE));
            FloatVector x = bits.reinterpretAsFloats();
            FloatVector s = x.sqrt();
            FloatVector minus = s.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
            FloatVector h =
                    IntVector.broadcast(INTS, FloatRoot.ESTIMATE)
                            .sub(bits.lanewise(VectorOperators.LSHR, 1))
                            .reinterpretAsFloats();
            FloatVector r = minus.fma(h, one);
            h = h.fma(r.fma(r, r), h);
            c = minus.fma(s, x).fma(h, c);
            DoubleVector low = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector up = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 1);
            r0 = r0.add(s.convertShape(VectorOperators.F2D, DOUBLES, 0));
            r1 = r1.add(s.convertShape(VectorOperators.F2D, DOUBLES, 1));
            o0 = o0.add(low);
            o1 = o1.add(up);
            s0 = s0.add(low.mul(low));
            s1 = s1.add(up.mul(up));
            if ((i & IN_BLOCK) == IN_BLOCK || i + LaneSums.LANES >= n) {
                r0 = r0.add(c.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(half));
                r1 = r1.add(c.convertShape(VectorOperators.F2D, DOUBLES, 1).mul(half));
                c = FloatVector.zero(FLOATS);
            }
        }
        if (smallest.reduceLanes(VectorOperators.MIN) < SIGNED_TINY_LIMIT) {
            return false;
        }
        double[][] pending = lanes.block().pending;
        r0.intoArray(pending[0], column);
        r1.intoArray(pending[0], high);
        o0.intoArray(pending[1], column);
        o1.intoArray(pending[1], high);
        s0.intoArray(pending[2], column);
        s1.intoArray(pending[2], high);
        return true;
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
            s0 = s0.add(low.mul(low));
            s1 = s1.add(up.mul(up));
        }
        o0.intoArray(lanes.identityLanes(), column);
        o1.intoArray(lanes.identityLanes(), high);
        s0.intoArray(lanes.squareLanes(), column);
        s1.intoArray(lanes.squareLanes(), high);
    }
}
