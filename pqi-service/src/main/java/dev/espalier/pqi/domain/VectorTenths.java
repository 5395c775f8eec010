// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import static dev.espalier.pqi.domain.VectorQuickSums.DOUBLES;
import static dev.espalier.pqi.domain.VectorQuickSums.FLOATS;
import static dev.espalier.pqi.domain.VectorQuickSums.INTS;
import static dev.espalier.pqi.domain.VectorQuickSums.WIDTH;

import dev.espalier.pqi.domain.LaneSums.Block;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The powers of the {@link TenthRoot}. */
final class VectorTenths {

    private static final int HALF = WIDTH / 2;
    private static final VectorSpecies<Float> HALF_FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(HALF * Float.SIZE));

    /** Bits less 1 are compared as numbers with a sign, with 2^31 added to both. */
    private static final int SIGNED_TINY_LIMIT = TenthRoot.TINY_LIMIT ^ Integer.MIN_VALUE;

    private VectorTenths() {}

    /** Takes the roots of the n floats of a block; false, and there are none, if one is tiny. */
    static boolean takeRoots(Block block, int n) {
        if (!estimate(block, n)) {
            return false;
        }
        complete(block, n);
        return true;
    }

    /** {@link TenthRoot#inverse}, with x = −|w|; false if one is tiny. */
    private static boolean estimate(Block block, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector c1 = FloatVector.broadcast(FLOATS, (float) TenthRoot.C1);
        FloatVector c2 = FloatVector.broadcast(FLOATS, (float) TenthRoot.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, (float) TenthRoot.C3);
        IntVector smallest = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        for (int i = 0; i < n; i += WIDTH) {
            IntVector bits =
                    IntVector.fromMemorySegment(
                                    INTS,
                                    block.floats,
                                    (long) i * Float.BYTES,
                                    ByteOrder.LITTLE_ENDIAN)
                            .and(WeightChunk.MAGNITUDE);
            smallest = smallest.min(bits.add(Integer.MAX_VALUE));
            FloatVector x = bits.or(Integer.MIN_VALUE).reinterpretAsFloats();
            FloatVector y =
                    IntVector.broadcast(INTS, TenthRoot.FLOAT_ESTIMATE)
                            .sub(bits.lanewise(VectorOperators.LSHR, 16).mul(TenthRoot.FLOAT_TENTH))
                            .reinterpretAsFloats();
            FloatVector y2 = y.mul(y);
            FloatVector y5 = y2.mul(y2).mul(y);
            FloatVector r = x.mul(y5).fma(y5, one);
            y = y.mul(r.fma(r.fma(r.fma(c3, c2), c1), one));
            y2 = y.mul(y);
            y5 = y2.mul(y2).mul(y);
            r = x.mul(y5).fma(y5, one);
            y.mul(r.fma(r.fma(c2, c1), one)).intoArray(block.inverses, i);
        }
        return smallest.reduceLanes(VectorOperators.MIN) >= SIGNED_TINY_LIMIT;
    }

    /** {@link TenthRoot#completed}, with x = −|w|. */
    private static void complete(Block block, int n) {
        DoubleVector one = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector d1 = DoubleVector.broadcast(DOUBLES, -TenthRoot.D1);
        DoubleVector d2 = DoubleVector.broadcast(DOUBLES, -TenthRoot.D2);
        DoubleVector minusOne = DoubleVector.broadcast(DOUBLES, -1);
        for (int i = 0; i < n; i += HALF) {
            DoubleVector x =
                    (DoubleVector)
                            FloatVector.fromMemorySegment(
                                            HALF_FLOATS,
                                            block.floats,
                                            (long) i * Float.BYTES,
                                            ByteOrder.LITTLE_ENDIAN)
                                    .reinterpretAsInts()
                                    .or(Integer.MIN_VALUE)
                                    .reinterpretAsFloats()
                                    .convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector y =
                    (DoubleVector)
                            FloatVector.fromArray(HALF_FLOATS, block.inverses, i)
                                    .convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector y2 = y.mul(y);
            DoubleVector y4 = y2.mul(y2);
            DoubleVector y5 = y4.mul(y);
            DoubleVector z = x.mul(y5);
            DoubleVector r = z.fma(y5, one);
            z.mul(y4).mul(r.fma(r.fma(d2, d1), minusOne)).intoArray(block.tenthRoots, i);
        }
    }

    /** Adds the powers of n roots, {@link Power.Tenths#TOGETHER} in a loop. */
    static void add(double[] roots, double[] powers, int n, LaneSums lanes) {
        for (int k = 1; k <= lanes.highestTenth(); k += Power.Tenths.TOGETHER) {
            for (int column = 0; column < LaneSums.LANES; column += HALF) {
                if (k == 1) {
                    addFirst(roots, powers, n, column, lanes);
                } else {
                    addNext(roots, powers, n, column, k, lanes);
                }
            }
        }
    }

    private static void addFirst(
            double[] roots, double[] powers, int n, int column, LaneSums lanes) {
        DoubleVector s0 = lanes(lanes, 1, column);
        DoubleVector s1 = lanes(lanes, 2, column);
        DoubleVector s2 = lanes(lanes, 3, column);
        DoubleVector s3 = lanes(lanes, 4, column);
        DoubleVector s4 = lanes(lanes, 5, column);
        for (int i = column; i < n; i += LaneSums.LANES) {
            DoubleVector t = DoubleVector.fromArray(DOUBLES, roots, i);
            s0 = s0.add(t);
            DoubleVector p = t.mul(t);
            s1 = s1.add(p);
            p = p.mul(t);
            s2 = s2.add(p);
            p = p.mul(t);
            s3 = s3.add(p);
            p = p.mul(t);
            s4 = s4.add(p);
            p.intoArray(powers, i);
        }
        s0.intoArray(lanes.tenthLanes(1), column);
        s1.intoArray(lanes.tenthLanes(2), column);
        s2.intoArray(lanes.tenthLanes(3), column);
        s3.intoArray(lanes.tenthLanes(4), column);
        s4.intoArray(lanes.tenthLanes(5), column);
    }

    private static void addNext(
            double[] roots, double[] powers, int n, int column, int k, LaneSums lanes) {
        DoubleVector s0 = lanes(lanes, k, column);
        DoubleVector s1 = lanes(lanes, k + 1, column);
        DoubleVector s2 = lanes(lanes, k + 2, column);
        DoubleVector s3 = lanes(lanes, k + 3, column);
        DoubleVector s4 = lanes(lanes, k + 4, column);
        for (int i = column; i < n; i += LaneSums.LANES) {
            DoubleVector t = DoubleVector.fromArray(DOUBLES, roots, i);
            DoubleVector p = DoubleVector.fromArray(DOUBLES, powers, i).mul(t);
            s0 = s0.add(p);
            p = p.mul(t);
            s1 = s1.add(p);
            p = p.mul(t);
            s2 = s2.add(p);
            p = p.mul(t);
            s3 = s3.add(p);
            p = p.mul(t);
            s4 = s4.add(p);
            p.intoArray(powers, i);
        }
        s0.intoArray(lanes.tenthLanes(k), column);
        s1.intoArray(lanes.tenthLanes(k + 1), column);
        s2.intoArray(lanes.tenthLanes(k + 2), column);
        s3.intoArray(lanes.tenthLanes(k + 3), column);
        s4.intoArray(lanes.tenthLanes(k + 4), column);
    }

    private static DoubleVector lanes(LaneSums lanes, int k, int column) {
        return DoubleVector.fromArray(DOUBLES, lanes.tenthLanes(k), column);
    }
}
