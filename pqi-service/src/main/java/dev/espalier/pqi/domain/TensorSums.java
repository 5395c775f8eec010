// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.schemas.sparsity.DoubleColumn;
import dev.espalier.schemas.sparsity.LongColumn;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.schemas.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sums of one tensor while its chunks come in, ascending. A segment is what a row and a chunk
 * have in common: it is summed once, and its sum goes to its row and to its chunk. The sum of a row
 * is that of its segments in their order, that of a chunk too, that of the tensor the {@link
 * SumTree} of its chunks.
 */
final class TensorSums {

    private final TensorInfo tensor;
    private final List<Double> exponents;
    private final long[] rowActive;
    private final double[][] rows;
    private final double[][] chunks;

    TensorSums(TensorInfo tensor, List<Double> exponents) {
        if (tensor.rows() > Integer.MAX_VALUE) {
            throw new SafetensorsException(
                    "tensor '%s' has %d rows: at most %d can be measured one by one"
                            .formatted(tensor.name(), tensor.rows(), Integer.MAX_VALUE));
        }
        int chunkCount =
                Math.toIntExact(Math.ceilDiv(tensor.count(), (long) WeightChunk.MOST_WEIGHTS));
        this.tensor = tensor;
        this.exponents = exponents;
        this.rowActive = new long[(int) tensor.rows()];
        this.rows = new double[exponents.size()][(int) tensor.rows()];
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
                rowActive[row] += active;
                lanes.clear();
                kernel.accumulate(weights, from, to, lanes);
                for (int e = 0; e < rows.length; e++) {
                    double sum = lanes.sum(e);
                    if (!Double.isFinite(sum)) {
                        throw explained(weights, first, from, to, exponents.get(e));
                    }
                    rows[e][row] += sum;
                    chunks[e][chunk] += sum;
                }
            }
            from = to;
        }
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

    MeasuredTensor finish() {
        List<Double> sums = new ArrayList<>(exponents.size());
        for (int e = 0; e < exponents.size(); e++) {
            double sum = SumTree.sum(chunks[e]);
            // The row sums add the same terms, and may overflow by their rounding alone.
            if (!Double.isFinite(sum)
                    || Arrays.stream(rows[e]).anyMatch(s -> s == Double.POSITIVE_INFINITY)) {
                throw overflow(exponents.get(e));
            }
            sums.add(sum);
        }
        return new MeasuredTensor(
                tensor.name(),
                tensor.shape(),
                Arrays.stream(rowActive).sum(),
                sums,
                new MeasuredTensor.Units(
                        LongColumn.over(rowActive),
                        Arrays.stream(rows).map(DoubleColumn::over).toList()));
    }
}
