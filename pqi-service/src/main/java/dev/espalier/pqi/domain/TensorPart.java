// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.pqi.domain.gini.MagnitudeBins;
import dev.espalier.schemas.sparsity.DoubleColumn;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import java.util.List;

/**
 * What was summed of some consecutive chunks of a tensor. Nothing in it was combined across chunks,
 * so that putting parts together gives the bytes of one pass.
 *
 * @param firstChunk of the tensor
 * @param chunks by exponent, the sum of each chunk
 * @param heads the first segment of each chunk
 * @param tails the last segment of each chunk, where it is not the first
 * @param firstRow that any of these chunks has a part in
 * @param rows from it on, as far as they lie between head and tail of one chunk; else 0
 * @param magnitudes for the Gini index; none where it is not wanted
 */
public record TensorPart(
        String tensor,
        int firstChunk,
        List<DoubleColumn> chunks,
        MeasuredTensor.Units heads,
        MeasuredTensor.Units tails,
        int firstRow,
        MeasuredTensor.Units rows,
        MagnitudeBins magnitudes) {

    public TensorPart {
        chunks = List.copyOf(chunks);
    }
}
