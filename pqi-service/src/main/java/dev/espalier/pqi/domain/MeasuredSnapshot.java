// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.GiniIndex;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured on one snapshot under one mask.
 *
 * @param exponents ascending; the order of every list of sums
 * @param pairs asked for, without repetitions
 * @param tensors in the order of the file
 * @param excluded what was not measured, in the order of the file, and why
 * @param gini of all tensors together; null where it is not wanted, or all active weights are 0
 */
public record MeasuredSnapshot(
        List<Double> exponents,
        List<NormPair> pairs,
        List<MeasuredTensor> tensors,
        List<ExcludedTensor> excluded,
        @Nullable GiniIndex gini) {

    public MeasuredSnapshot {
        exponents = List.copyOf(exponents);
        pairs = List.copyOf(pairs);
        tensors = List.copyOf(tensors);
        excluded = List.copyOf(excluded);
    }

    /** The power sums of all measured tensors together, added in their order. */
    public PowerSums global() {
        return tensors.stream()
                .map(tensor -> tensor.powerSums(exponents))
                .reduce(PowerSums.none(exponents), PowerSums::plus);
    }
}
