// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import java.util.List;

/**
 * What was measured on one snapshot under one mask.
 *
 * @param exponents ascending; the order of every list of sums
 * @param pairs asked for, without repetitions
 * @param tensors in the order of the file
 * @param excluded what was not measured, in the order of the file, and why
 */
public record MeasuredSnapshot(
        List<Double> exponents,
        List<NormPair> pairs,
        List<MeasuredTensor> tensors,
        List<ExcludedTensor> excluded) {

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
