// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The powers 0.5, 1 and 2 of floats. A column of lanes is as wide as the machine's vector.
 *
 * <p>What limits these loops is the number of instructions, so a root becomes a double without a
 * conversion: shifted to where a double has the bits of a float, it is one, {@link #SCALE} times
 * smaller. That parts the lanes of roots in even and odd ones until {@link #finish}. The next
 * vector and its roots are taken before those at hand are used.
 */
final class VectorHalfOneTwoSums {

    static final VectorSpecies<Float> FLOATS = floats();
    static final int WIDTH = FLOATS.length();

    /** As many bits as there are floats in a vector. */
    static final long ONES = (1L << WIDTH) - 1;

    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /** Half a column. */
    static final VectorSpecies<Double> DOUBLES = FLOATS.withLanes(double.class);

    static final int HALF = WIDTH / 2;

    static final VectorSpecies<Float> HALF_FLOATS =
            FLOATS.withShape(VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    private static final VectorSpecies<Integer> HALF_INTS = HALF_FLOATS.withLanes(int.class);

    /** Changes the halves of a vector. */
    static final VectorShuffle<Float> SWAPPED =
            VectorShuffle.fromOp(FLOATS, i -> (i + HALF) % WIDTH);

    /** Moves what has an even index to the lower half; then, what has an odd one. */
    static final VectorShuffle<Float> EVENS = VectorShuffle.fromOp(FLOATS, i -> 2 * i % WIDTH);

    static final VectorShuffle<Float> ODDS = VectorShuffle.fromOp(FLOATS, i -> (2 * i + 1) % WIDTH);

    /**
     * How far the float in the lower or upper half of a long is from where a double has its bits.
     */
    static final int EVEN = 29;

    static final int ODD = 3;

    /** Where a double has the bits of a float without its sign. */
    static final long MANTISSA = 0x0fff_ffff_e000_0000L;

    /** How much larger a float is than the double that has its bits there: the biases differ. */
    private static final double SCALE = 0x1p896;

    static final double SCALED_HALF = 0.5 / SCALE;

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private VectorHalfOneTwoSums() {}

    private static VectorSpecies<Float> floats() {
        int bits = Math.min(512, Math.max(128, FloatVector.SPECIES_PREFERRED.vectorBitSize()));
        return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    /**
     * Adds at most a block of weights, from a multiple of BLOCK on, counted from the start of the
     * run.
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
        DoubleVector scaledHalf = DoubleVector.broadcast(DOUBLES, SCALED_HALF);
        FloatVector one = FloatVector.broadcast(FLOATS, FloatRoot.ABOVE_ONE);
        int last = n - LaneSums.LANES + column;
        FloatVector x =
                FloatVector.fromMemorySegment(
                                FLOATS, floats, offset + (long) column * Float.BYTES, LE)
                        .abs();
        FloatVector s = x.sqrt();
        FloatVector c = FloatVector.zero(FLOATS);
        for (int i = column; i < n; i += LaneSums.LANES) {
            int next = Math.min(i + LaneSums.LANES, last);
            FloatVector nextX =
                    FloatVector.fromMemorySegment(
                                    FLOATS, floats, offset + (long) next * Float.BYTES, LE)
                            .abs();
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
            DoubleVector up =
                    (DoubleVector)
                            IntVector.fromMemorySegment(
                                            HALF_INTS,
                                            floats,
                                            offset + (long) (i + HALF) * Float.BYTES,
                                            LE)
                                    .and(WeightChunk.MAGNITUDE)
                                    .reinterpretAsFloats()
                                    .convertShape(F2D, DOUBLES, 0);
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
            MemorySegment floats, long offset, int n, long[] active, int column, LaneSums lanes) {
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
                FloatVector.fromMemorySegment(
                                FLOATS, floats, offset + (long) column * Float.BYTES, LE)
                        .abs();
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
                    FloatVector.fromMemorySegment(
                                    FLOATS, floats, offset + (long) next * Float.BYTES, LE)
                            .abs();
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
            DoubleVector low = (DoubleVector) x.convertShape(F2D, DOUBLES, 0);
            DoubleVector up = (DoubleVector) x.rearrange(SWAPPED).convertShape(F2D, DOUBLES, 0);
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

    /**
     * Brings the lanes of the roots, which the loops keep by even and odd index within a column and
     * scaled, to their order and size. To be called once, at the end of the run.
     */
    static void finish(LaneSums lanes) {
        double[] roots = lanes.rootLanes();
        double[] kept = lanes.block().terms;
        System.arraycopy(roots, 0, kept, 0, LaneSums.LANES);
        for (int lane = 0; lane < LaneSums.LANES; lane++) {
            int at = lane % WIDTH;
            roots[lane] = SCALE * kept[lane - at + (at & 1) * HALF + (at >> 1)];
        }
    }
}
