// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.DOUBLES;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.FLOATS;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.HALF;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.HALF_FLOATS;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.INTS;
import static dev.espalier.pqi.domain.kernel.VectorHalfOneTwoSums.WIDTH;

import dev.espalier.pqi.domain.kernel.LaneSums.Block;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The powers of the {@link TenthRoot}. */
final class VectorTenths {

    private VectorTenths() {}

    /** Takes the roots of the n floats of a strip. */
    static void takeRoots(Block block, int n) {
        estimate(block, n);
        complete(block, n);
    }

    /** {@link TenthRoot#inverse}. */
    private static void estimate(Block block, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector f0 = FloatVector.broadcast(FLOATS, TenthRoot.F0);
        FloatVector f1 = FloatVector.broadcast(FLOATS, TenthRoot.F1);
        FloatVector f2 = FloatVector.broadcast(FLOATS, TenthRoot.F2);
        FloatVector f3 = FloatVector.broadcast(FLOATS, TenthRoot.F3);
        for (int i = 0; i < n; i += WIDTH) {
            IntVector bits =
                    FloatVector.fromMemorySegment(
                                    FLOATS,
                                    block.floats,
                                    (long) i * Float.BYTES,
                                    ByteOrder.LITTLE_ENDIAN)
                            .abs()
                            .sqrt()
                            .reinterpretAsInts();
            FloatVector minus = bits.or(Integer.MIN_VALUE).reinterpretAsFloats();
            FloatVector y =
                    IntVector.broadcast(INTS, TenthRoot.FLOAT_ESTIMATE)
                            .sub(bits.lanewise(VectorOperators.LSHR, 16).mul(TenthRoot.FLOAT_FIFTH))
                            .reinterpretAsFloats();
            FloatVector y2 = y.mul(y);
            FloatVector r = minus.fma(y2.mul(y2).mul(y), one);
            y.mul(r.fma(r.fma(r.fma(f3, f2), f1), f0)).intoArray(block.inverses, i);
        }
    }

    /** {@link TenthRoot#completed}, with x = −|w|. */
    private static void complete(Block block, int n) {
        DoubleVector one = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector d1 = DoubleVector.broadcast(DOUBLES, -TenthRoot.D1);
        DoubleVector d2 = DoubleVector.broadcast(DOUBLES, -TenthRoot.D2);
        DoubleVector d3 = DoubleVector.broadcast(DOUBLES, -TenthRoot.D3);
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
            z.mul(y4).mul(r.fma(r.fma(r.fma(d3, d2), d1), minusOne)).intoArray(block.tenthRoots, i);
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
        DoubleVector s5 = lanes(lanes, 6, column);
        DoubleVector s6 = lanes(lanes, 7, column);
        DoubleVector s7 = lanes(lanes, 8, column);
        DoubleVector s8 = lanes(lanes, 9, column);
        DoubleVector s9 = lanes(lanes, 10, column);
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
            p = p.mul(t);
            s5 = s5.add(p);
            p = p.mul(t);
            s6 = s6.add(p);
            p = p.mul(t);
            s7 = s7.add(p);
            p = p.mul(t);
            s8 = s8.add(p);
            p = p.mul(t);
            s9 = s9.add(p);
            p.intoArray(powers, i);
        }
        s0.intoArray(lanes.tenthLanes(1), column);
        s1.intoArray(lanes.tenthLanes(2), column);
        s2.intoArray(lanes.tenthLanes(3), column);
        s3.intoArray(lanes.tenthLanes(4), column);
        s4.intoArray(lanes.tenthLanes(5), column);
        s5.intoArray(lanes.tenthLanes(6), column);
        s6.intoArray(lanes.tenthLanes(7), column);
        s7.intoArray(lanes.tenthLanes(8), column);
        s8.intoArray(lanes.tenthLanes(9), column);
        s9.intoArray(lanes.tenthLanes(10), column);
    }

    private static void addNext(
            double[] roots, double[] powers, int n, int column, int k, LaneSums lanes) {
        DoubleVector s0 = lanes(lanes, k, column);
        DoubleVector s1 = lanes(lanes, k + 1, column);
        DoubleVector s2 = lanes(lanes, k + 2, column);
        DoubleVector s3 = lanes(lanes, k + 3, column);
        DoubleVector s4 = lanes(lanes, k + 4, column);
        DoubleVector s5 = lanes(lanes, k + 5, column);
        DoubleVector s6 = lanes(lanes, k + 6, column);
        DoubleVector s7 = lanes(lanes, k + 7, column);
        DoubleVector s8 = lanes(lanes, k + 8, column);
        DoubleVector s9 = lanes(lanes, k + 9, column);
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
            p = p.mul(t);
            s5 = s5.add(p);
            p = p.mul(t);
            s6 = s6.add(p);
            p = p.mul(t);
            s7 = s7.add(p);
            p = p.mul(t);
            s8 = s8.add(p);
            p = p.mul(t);
            s9 = s9.add(p);
            p.intoArray(powers, i);
        }
        s0.intoArray(lanes.tenthLanes(k), column);
        s1.intoArray(lanes.tenthLanes(k + 1), column);
        s2.intoArray(lanes.tenthLanes(k + 2), column);
        s3.intoArray(lanes.tenthLanes(k + 3), column);
        s4.intoArray(lanes.tenthLanes(k + 4), column);
        s5.intoArray(lanes.tenthLanes(k + 5), column);
        s6.intoArray(lanes.tenthLanes(k + 6), column);
        s7.intoArray(lanes.tenthLanes(k + 7), column);
        s8.intoArray(lanes.tenthLanes(k + 8), column);
        s9.intoArray(lanes.tenthLanes(k + 9), column);
    }

    private static DoubleVector lanes(LaneSums lanes, int k, int column) {
        return DoubleVector.fromArray(DOUBLES, lanes.tenthLanes(k), column);
    }
}
