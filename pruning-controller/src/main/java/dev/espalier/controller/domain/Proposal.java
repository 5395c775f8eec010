// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain;

import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.event.PruningDecided.TensorCount;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.tensor.Mask;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a policy makes of a snapshot, stop rules aside.
 *
 * @param weights that it was made for
 * @param plan group by group
 * @param mask m_{t+1}
 */
public record Proposal(MaskedWeights weights, Plan plan, Mask mask) {

    /** Number of weights that could be pruned. */
    public long total() {
        return weights.total();
    }

    /** Number of them that are active, excluded tensors included. */
    public long active() {
        return weights.active();
    }

    /** Number of active weights that go. */
    public long pruned() {
        return plan.pruned();
    }

    public List<GroupCount> groups() {
        return plan.groups();
    }

    /** Every tensor that the policy does not touch, prunable or not, with the reason. */
    public List<ExcludedTensor> excluded() {
        return excluded(weights, plan);
    }

    /** The same of a plan that was not carried out. */
    public static List<ExcludedTensor> excluded(MaskedWeights weights, Plan plan) {
        return Stream.concat(weights.notMaskable().stream(), plan.excluded().stream()).toList();
    }

    /** One entry per tensor that could be pruned. */
    public List<TensorCount> tensors() {
        return weights.tensorCounts(mask);
    }
}
