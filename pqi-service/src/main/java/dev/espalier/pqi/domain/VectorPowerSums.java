// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API, for the exponents 0.5, 1 and 2; others go the scalar way. Several columns of
 * lanes make up the sixteen: one column is as wide as the machine's vector of doubles.
 *
 * <p>C2 wants such loops small: one column at a time, three accumulators, nothing that escapes.
 */
public final class VectorPowerSums implements PowerSumKernel {

    private static final VectorSpecies<Double> DOUBLES = doubles();
    private static final int WIDTH = DOUBLES.length();

    /** As many floats as there are doubles in a column. */
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(WIDTH * Float.SIZE));

    private static VectorSpecies<Double> doubles() {
        int bits = Math.min(512, Math.max(128, DoubleVector.SPECIES_PREFERRED.vectorBitSize()));
        return VectorSpecies.of(double.class, VectorShape.forBitSize(bits));
    }

    @Override
    public String name() {
        return "vector of %d doubles".formatted(WIDTH);
    }

    @Override
    public void accumulate(WeightChunk weights, int from, int to, LaneSums lanes) {
        boolean inPlace = weights.dtype() == DType.F32 && lanes.hasQuickPowersOnly();
        for (int at = from; at < to; at += LaneSums.BLOCK) {
            int n = Math.min(LaneSums.BLOCK, to - at);
            int done = inPlace ? n - n % LaneSums.LANES : 0;
            if (done > 0) {
                addInPlace(weights, at, done, lanes);
            }
            if (done < n) {
                weights.magnitudes(at + done, n - done, lanes.magnitudes());
                ScalarPowerSums.addBlock(n - done, lanes);
            }
        }
    }

    /**
     * @param n a multiple of LANES
     */
    private static void addInPlace(WeightChunk weights, int at, int n, LaneSums lanes) {
        double[] roots = lanes.rootLanes();
        double[] ones = lanes.identityLanes();
        double[] squares = lanes.squareLanes();
        long offset = (long) at * Float.BYTES;
        for (int column = 0; column < LaneSums.LANES; column += WIDTH) {
            if (weights.mask() != null) {
                addMasked(weights.bytes(), at, weights.mask(), n, column, roots, ones, squares);
            } else if (lanes.hasRoots()) {
                addWithRoots(weights.bytes(), offset, n, column, roots, ones, squares);
            } else {
                addWithoutRoots(weights.bytes(), offset, n, column, ones, squares);
            }
        }
    }

    private static void addWithRoots(
            MemorySegment bytes,
            long offset,
            int n,
            int column,
            double[] roots,
            double[] ones,
            double[] squares) {
        DoubleVector r = DoubleVector.fromArray(DOUBLES, roots, column);
        DoubleVector o = DoubleVector.fromArray(DOUBLES, ones, column);
        DoubleVector s = DoubleVector.fromArray(DOUBLES, squares, column);
        for (int i = column; i < n; i += LaneSums.LANES) {
            DoubleVector x = magnitudes(bytes, offset + (long) i * Float.BYTES);
            r = r.add(x.sqrt());
            o = o.add(x);
            s = s.add(x.mul(x));
        }
        r.intoArray(roots, column);
        o.intoArray(ones, column);
        s.intoArray(squares, column);
    }

    private static void addWithoutRoots(
            MemorySegment bytes, long offset, int n, int column, double[] ones, double[] squares) {
        DoubleVector o = DoubleVector.fromArray(DOUBLES, ones, column);
        DoubleVector s = DoubleVector.fromArray(DOUBLES, squares, column);
        for (int i = column; i < n; i += LaneSums.LANES) {
            DoubleVector x = magnitudes(bytes, offset + (long) i * Float.BYTES);
            o = o.add(x);
            s = s.add(x.mul(x));
        }
        o.intoArray(ones, column);
        s.intoArray(squares, column);
    }

    private static void addMasked(
            MemorySegment bytes,
            int at,
            ChunkMask mask,
            int n,
            int column,
            double[] roots,
            double[] ones,
            double[] squares) {
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector r = DoubleVector.fromArray(DOUBLES, roots, column);
        DoubleVector o = DoubleVector.fromArray(DOUBLES, ones, column);
        DoubleVector s = DoubleVector.fromArray(DOUBLES, squares, column);
        for (int i = column; i < n; i += LaneSums.LANES) {
            VectorMask<Double> active = VectorMask.fromLong(DOUBLES, mask.bits(at + i));
            DoubleVector x = zero.blend(magnitudes(bytes, (long) (at + i) * Float.BYTES), active);
            r = r.add(x.sqrt());
            o = o.add(x);
            s = s.add(x.mul(x));
        }
        r.intoArray(roots, column);
        o.intoArray(ones, column);
        s.intoArray(squares, column);
    }

    private static DoubleVector magnitudes(MemorySegment bytes, long offset) {
        return (DoubleVector)
                FloatVector.fromMemorySegment(FLOATS, bytes, offset, ByteOrder.LITTLE_ENDIAN)
                        .abs()
                        .convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
