// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.RunId;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code measurement.json}: everything that was measured on a snapshot. Every PQ Index, for each
 * scope and each pair of the exponents, follows from it. It holds no time, so equal inputs give
 * equal bytes.
 *
 * @param weights the snapshot
 * @param mask the mask it was measured under; absent where all weights are active
 * @param exponents ascending; the order of every list of sums
 * @param pairs asked for; the first one is shown
 * @param tensors in the order of the snapshot's file
 * @param excluded what was not measured, and why
 * @param gini of all tensors together; absent where it was not asked for, or all active weights are
 *     0
 */
public record Measurement(
        RunId runId,
        int iteration,
        ArtifactRef weights,
        @Nullable ArtifactRef mask,
        List<Double> exponents,
        List<NormPair> pairs,
        List<MeasuredTensor> tensors,
        List<ExcludedTensor> excluded,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable GiniIndex gini) {

    /** Without the Gini index. */
    public Measurement(
            RunId runId,
            int iteration,
            ArtifactRef weights,
            @Nullable ArtifactRef mask,
            List<Double> exponents,
            List<NormPair> pairs,
            List<MeasuredTensor> tensors,
            List<ExcludedTensor> excluded) {
        this(runId, iteration, weights, mask, exponents, pairs, tensors, excluded, null);
    }

    public Measurement {
        exponents = List.copyOf(exponents);
        pairs = List.copyOf(pairs);
        tensors = List.copyOf(tensors);
        excluded = List.copyOf(excluded);
    }

    /** The power sums of the chosen tensors together, added in their order. */
    public PowerSums global(Predicate<String> chosen) {
        return tensors.stream()
                .filter(tensor -> chosen.test(tensor.tensor()))
                .map(tensor -> tensor.powerSums(exponents))
                .reduce(PowerSums.none(exponents), PowerSums::plus);
    }

    /** The PQ Index of all weights together that is shown; null where no pair was asked for. */
    public @Nullable GroupIndex shown() {
        return pairs.isEmpty() ? null : GroupIndex.of(global(tensor -> true), pairs.getFirst());
    }

    /** How many weights could be masked. */
    @JsonIgnore
    public long total() {
        return tensors.stream().mapToLong(MeasuredTensor::total).sum();
    }

    /** How many weights are active. */
    @JsonIgnore
    public long active() {
        return tensors.stream().mapToLong(MeasuredTensor::active).sum();
    }
}
