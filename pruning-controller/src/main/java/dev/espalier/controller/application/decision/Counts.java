// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.domain.verdict.Situation;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.PruningDecided.TensorCount;
import dev.espalier.schemas.tensor.Mask;
import java.util.List;

/**
 * How many weights there are, over all tensors that could be pruned.
 *
 * @param tensors active ones and those that go, tensor by tensor
 */
record Counts(long total, long active, List<TensorCount> tensors) {

    /** Of a snapshot that could not be read, and before which there is none. */
    static final Counts UNKNOWN = new Counts(0, 0, List.of());

    Counts {
        tensors = List.copyOf(tensors);
    }

    /** Of a snapshot that goes on with a mask. */
    static Counts of(MaskedWeights weights, Mask next) {
        return new Counts(weights.total(), weights.active(), weights.tensorCounts(next));
    }

    /** Of a snapshot that loses nothing. */
    static Counts of(MaskedWeights weights) {
        return of(weights, weights.mask());
    }

    /** What is left after a decision. */
    static Counts after(PruningDecided decision) {
        return new Counts(
                decision.total(),
                decision.active() - decision.pruned(),
                decision.tensors().stream()
                        .map(t -> new TensorCount(t.tensor(), t.active() - t.pruned(), 0))
                        .toList());
    }

    long pruned() {
        return tensors.stream().mapToLong(TensorCount::pruned).sum();
    }

    double remaining() {
        return Situation.remaining(active, total);
    }
}
