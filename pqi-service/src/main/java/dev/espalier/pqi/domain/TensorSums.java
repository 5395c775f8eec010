// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.pqi.domain.gini.MagnitudeBins;
import dev.espalier.pqi.domain.kernel.LaneSums;
import dev.espalier.pqi.domain.kernel.PowerSumKernel;
import dev.espalier.pqi.domain.kernel.WeightChunk;
import dev.espalier.schemas.sparsity.DoubleColumn;
import dev.espalier.schemas.sparsity.LongColumn;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.schemas.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sums of one tensor while its chunks come in. A segment is what a row and a chunk have in
 * common: it is summed once, and its sum goes to its row and to its chunk. The sum of a row is that
 * of its segments in their order, that of a chunk too, that of the tensor the {@link SumTree} of
 * its chunks.
 *
 * <p>Chunks may come in any order, and different ones from different threads: a row shares only its
 * first and last segments of a chunk with others, and those are kept by chunk until the end.
 */
final class TensorSums {

    private final TensorInfo tensor;
    private final List<Double> exponents;
    private final SegmentSums rows;
    private final SegmentSums heads;
    private final SegmentSums tails;
    private final double[][] chunks;
    private final ReentrantLock binsLock = new ReentrantLock();
    private MagnitudeBins magnitudes = MagnitudeBins.NONE;

    TensorSums(TensorInfo tensor, List<Double> exponents) {
        if (tensor.rows() > Integer.MAX_VALUE) {
            throw new SafetensorsException(
                    "tensor '%s' has %d rows: at most %d can be measured one by one"
                            .formatted(tensor.name(), tensor.rows(), Integer.MAX_VALUE));
        }
        int chunkCount = SnapshotLayout.chunks(tensor);
        this.tensor = tensor;
        this.exponents = exponents;
        this.rows = new SegmentSums(exponents.size(), (int) tensor.rows());
        this.heads = new SegmentSums(exponents.size(), chunkCount);
        this.tails = new SegmentSums(exponents.size(), chunkCount);
        this.chunks = new double[exponents.size()][chunkCount];
    }

    /**
     * Adds a chunk.
     *
     * @param first index of its first weight in the tensor
     */
    void add(long first, int count, WeightChunk weights, PowerSumKernel kernel, LaneSums lanes) {
        int chunk = (int) (first / WeightChunk.MOST_WEIGHTS);
        long rowLength = tensor.rowLength();
        for (int from = 0; from < count; ) {
            int row = (int) ((first + from) / rowLength);
            int to = (int) Math.min(count, (row + 1) * rowLength - first);
            int active = weights.mask() == null ? to - from : weights.mask().active(from, to);
            if (active > 0) {
                lanes.clear();
                kernel.accumulate(weights, from, to, lanes);
                SegmentSums target = from == 0 ? heads : to == count ? tails : rows;
                int at = target == rows ? row : chunk;
                target.active[at] = active;
                for (int e = 0; e < chunks.length; e++) {
                    double sum = lanes.sum(e);
                    if (!Double.isFinite(sum)) {
                        throw explained(weights, first, from, to, exponents.get(e));
                    }
                    target.sums[e][at] = sum;
                    chunks[e][chunk] += sum;
                }
            }
            from = to;
        }
    }

    /** Adds what was counted of some chunks. */
    void add(MagnitudeBins bins) {
        binsLock.lock();
        try {
            magnitudes = magnitudes.plus(bins);
        } finally {
            binsLock.unlock();
        }
    }

    /** Of all chunks that are here. */
    MagnitudeBins magnitudes() {
        return magnitudes;
    }

    private RuntimeException explained(
            WeightChunk weights, long first, int from, int to, double exponent) {
        for (int i = from; i < to; i++) {
            if (weights.isActive(i) && !Double.isFinite(weights.weight(i))) {
                return new NonFiniteWeightException(tensor.name(), first + i, weights.weight(i));
            }
        }
        return overflow(exponent);
    }

    private PowerSumOverflowException overflow(double exponent) {
        return new PowerSumOverflowException("tensor '" + tensor.name() + "'", exponent);
    }

    private int rowOf(long weight) {
        return (int) (weight / tensor.rowLength());
    }

    private long endOf(int chunk) {
        return Math.min(tensor.count(), (chunk + 1L) * WeightChunk.MOST_WEIGHTS);
    }

    /** What was summed of some chunks; there must be no others here. */
    TensorPart part(int fromChunk, int toChunk) {
        int fromRow = rowOf((long) fromChunk * WeightChunk.MOST_WEIGHTS);
        int toRow = rowOf(endOf(toChunk - 1) - 1) + 1;
        return new TensorPart(
                tensor.name(),
                fromChunk,
                Arrays.stream(chunks)
                        .map(c -> DoubleColumn.over(Arrays.copyOfRange(c, fromChunk, toChunk)))
                        .toList(),
                heads.units(fromChunk, toChunk),
                tails.units(fromChunk, toChunk),
                fromRow,
                rows.units(fromRow, toRow),
                magnitudes);
    }

    /** Takes what was summed elsewhere, of chunks that are not here yet. */
    void add(TensorPart part) {
        int at = part.firstChunk();
        for (int e = 0; e < chunks.length; e++) {
            DoubleColumn column = part.chunks().get(e);
            for (int i = 0; i < column.size(); i++) {
                chunks[e][at + i] = column.at(i);
            }
        }
        heads.add(part.heads(), at);
        tails.add(part.tails(), at);
        rows.add(part.rows(), part.firstRow());
        add(part.magnitudes());
    }

    /** To be called once, when all chunks are here. */
    MeasuredTensor finish() {
        for (int chunk = 0; chunk < heads.active.length; chunk++) {
            rows.addSegment(rowOf((long) chunk * WeightChunk.MOST_WEIGHTS), heads, chunk);
            rows.addSegment(rowOf(endOf(chunk) - 1), tails, chunk);
        }
        List<Double> sums = new ArrayList<>(exponents.size());
        for (int e = 0; e < exponents.size(); e++) {
            double sum = SumTree.sum(chunks[e]);
            // The row sums add the same terms, and may overflow by their rounding alone.
            if (!Double.isFinite(sum)
                    || Arrays.stream(rows.sums[e]).anyMatch(s -> s == Double.POSITIVE_INFINITY)) {
                throw overflow(exponents.get(e));
            }
            sums.add(sum);
        }
        return new MeasuredTensor(
                tensor.name(),
                tensor.shape(),
                Arrays.stream(rows.active).sum(),
                sums,
                new MeasuredTensor.Units(
                        LongColumn.over(rows.active),
                        Arrays.stream(rows.sums).map(DoubleColumn::over).toList()),
                magnitudes.gini(tensor.dtype() == DType.F64));
    }
}
