// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.DOUBLES;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.EVEN;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.EVENS;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.FLOATS;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.HALF;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.INTS;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.MANTISSA;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.ODD;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.ODDS;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.ONES;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.SCALED_HALF;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.SWAPPED;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.WIDTH;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * {@link VectorHalfOneTwoSums} of BF16: the loops are the same but for how a weight becomes a
 * float. A block of floats between them would cost as much as a root.
 */
final class VectorBf16Sums {

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(WIDTH * Short.SIZE));
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private VectorBf16Sums() {}

    /** As {@link VectorHalfOneTwoSums#addF32}. */
    static void add(
            MemorySegment shorts, long offset, int n, long @Nullable [] active, LaneSums lanes) {
        for (int column = 0; column < LaneSums.LANES; column += WIDTH) {
            if (active == null) {
                addAll(shorts, offset, n, column, lanes);
            } else {
                addMasked(shorts, offset, n, active, column, lanes);
            }
        }
    }

    private static void addAll(
            MemorySegment shorts, long offset, int n, int column, LaneSums lanes) {
        int high = column + HALF;
        DoubleVector r0 = DoubleVector.fromArray(DOUBLES, lanes.rootLanes(), column);
        DoubleVector r1 = DoubleVector.fromArray(DOUBLES, lanes.rootLanes(), high);
        DoubleVector o0 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), column);
        DoubleVector o1 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), high);
        DoubleVector s0 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), column);
        DoubleVector s1 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), high);
        DoubleVector scaledHalf = DoubleVector.broadcast(DOUBLES, SCALED_HALF);
        FloatVector one = FloatVector.broadcast(FLOATS, FloatRoot.ABOVE_ONE);
        int last = n - LaneSums.LANES + column;
        FloatVector x =
                ((IntVector)
                                ShortVector.fromMemorySegment(
                                                SHORTS,
                                                shorts,
                                                offset + (long) column * Short.BYTES,
                                                LE)
                                        .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                        .lanewise(LSHL, Short.SIZE)
                        .and(WeightChunk.MAGNITUDE)
                        .reinterpretAsFloats();
        FloatVector s = x.sqrt();
        FloatVector c = FloatVector.zero(FLOATS);
        for (int i = column; i < n; i += LaneSums.LANES) {
            int next = Math.min(i + LaneSums.LANES, last);
            FloatVector nextX =
                    ((IntVector)
                                    ShortVector.fromMemorySegment(
                                                    SHORTS,
                                                    shorts,
                                                    offset + (long) next * Short.BYTES,
                                                    LE)
                                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                            .lanewise(LSHL, Short.SIZE)
                            .and(WeightChunk.MAGNITUDE)
                            .reinterpretAsFloats();
            FloatVector nextS = nextX.sqrt();
            FloatVector minus = s.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
            FloatVector h =
                    IntVector.broadcast(INTS, FloatRoot.ESTIMATE)
                            .sub(s.reinterpretAsInts())
                            .reinterpretAsFloats();
            h = h.fma(minus.fma(h, one), h);
            c = minus.fma(s, x).fma(h, c);
            LongVector two = s.reinterpretAsLongs();
            r0 = r0.add(two.lanewise(LSHL, EVEN).and(MANTISSA).reinterpretAsDoubles());
            r1 = r1.add(two.lanewise(LSHR, ODD).and(MANTISSA).reinterpretAsDoubles());
            DoubleVector low = (DoubleVector) x.convertShape(F2D, DOUBLES, 0);
            DoubleVector up = (DoubleVector) x.rearrange(SWAPPED).convertShape(F2D, DOUBLES, 0);
            o0 = o0.add(low);
            o1 = o1.add(up);
            // The square of a float fits a double: one rounding, as where it is added.
            s0 = low.fma(low, s0);
            s1 = up.fma(up, s1);
            x = nextX;
            s = nextS;
        }
        r0 = r0.add(c.rearrange(EVENS).convertShape(F2D, DOUBLES, 0).mul(scaledHalf));
        r1 = r1.add(c.rearrange(ODDS).convertShape(F2D, DOUBLES, 0).mul(scaledHalf));
        r0.intoArray(lanes.rootLanes(), column);
        r1.intoArray(lanes.rootLanes(), high);
        o0.intoArray(lanes.identityLanes(), column);
        o1.intoArray(lanes.identityLanes(), high);
        s0.intoArray(lanes.squareLanes(), column);
        s1.intoArray(lanes.squareLanes(), high);
    }

    private static void addMasked(
            MemorySegment shorts, long offset, int n, long[] active, int column, LaneSums lanes) {
        int high = column + HALF;
        DoubleVector r0 = DoubleVector.fromArray(DOUBLES, lanes.rootLanes(), column);
        DoubleVector r1 = DoubleVector.fromArray(DOUBLES, lanes.rootLanes(), high);
        DoubleVector o0 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), column);
        DoubleVector o1 = DoubleVector.fromArray(DOUBLES, lanes.identityLanes(), high);
        DoubleVector s0 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), column);
        DoubleVector s1 = DoubleVector.fromArray(DOUBLES, lanes.squareLanes(), high);
        DoubleVector scaledHalf = DoubleVector.broadcast(DOUBLES, SCALED_HALF);
        FloatVector one = FloatVector.broadcast(FLOATS, FloatRoot.ABOVE_ONE);
        IntVector zero = IntVector.zero(INTS);
        int last = n - LaneSums.LANES + column;
        FloatVector x =
                ((IntVector)
                                ShortVector.fromMemorySegment(
                                                SHORTS,
                                                shorts,
                                                offset + (long) column * Short.BYTES,
                                                LE)
                                        .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                        .lanewise(LSHL, Short.SIZE)
                        .and(WeightChunk.MAGNITUDE)
                        .reinterpretAsFloats();
        x =
                zero.blend(
                                x.reinterpretAsInts(),
                                VectorMask.fromLong(INTS, active[0] >>> column & ONES))
                        .reinterpretAsFloats();
        FloatVector s = x.sqrt();
        FloatVector c = FloatVector.zero(FLOATS);
        for (int i = column; i < n; i += LaneSums.LANES) {
            int next = Math.min(i + LaneSums.LANES, last);
            FloatVector nextX =
                    ((IntVector)
                                    ShortVector.fromMemorySegment(
                                                    SHORTS,
                                                    shorts,
                                                    offset + (long) next * Short.BYTES,
                                                    LE)
                                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                            .lanewise(LSHL, Short.SIZE)
                            .and(WeightChunk.MAGNITUDE)
                            .reinterpretAsFloats();
            // C2 gives up on a load under a mask; and without ONES it masks the mask, slowly.
            long some = active[next >>> 6] >>> (next & 63) & ONES;
            nextX =
                    zero.blend(nextX.reinterpretAsInts(), VectorMask.fromLong(INTS, some))
                            .reinterpretAsFloats();
            FloatVector nextS = nextX.sqrt();
            FloatVector minus = s.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
            FloatVector h =
                    IntVector.broadcast(INTS, FloatRoot.ESTIMATE)
                            .sub(s.reinterpretAsInts())
                            .reinterpretAsFloats();
            h = h.fma(minus.fma(h, one), h);
            c = minus.fma(s, x).fma(h, c);
            LongVector two = s.reinterpretAsLongs();
            r0 = r0.add(two.lanewise(LSHL, EVEN).and(MANTISSA).reinterpretAsDoubles());
            r1 = r1.add(two.lanewise(LSHR, ODD).and(MANTISSA).reinterpretAsDoubles());
            DoubleVector low = (DoubleVector) x.convertShape(F2D, DOUBLES, 0);
            DoubleVector up = (DoubleVector) x.rearrange(SWAPPED).convertShape(F2D, DOUBLES, 0);
            o0 = o0.add(low);
            o1 = o1.add(up);
            // The square of a float fits a double: one rounding, as where it is added.
            s0 = low.fma(low, s0);
            s1 = up.fma(up, s1);
            x = nextX;
            s = nextS;
        }
        r0 = r0.add(c.rearrange(EVENS).convertShape(F2D, DOUBLES, 0).mul(scaledHalf));
        r1 = r1.add(c.rearrange(ODDS).convertShape(F2D, DOUBLES, 0).mul(scaledHalf));
        r0.intoArray(lanes.rootLanes(), column);
        r1.intoArray(lanes.rootLanes(), high);
        o0.intoArray(lanes.identityLanes(), column);
        o1.intoArray(lanes.identityLanes(), high);
        s0.intoArray(lanes.squareLanes(), column);
        s1.intoArray(lanes.squareLanes(), high);
    }
}
