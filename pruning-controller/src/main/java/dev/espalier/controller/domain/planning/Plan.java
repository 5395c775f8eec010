// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy does to a snapshot.
 *
 * @param policy that made the plan
 * @param chosen names of the tensors that are pruned, in the order of the file
 * @param groups with d and c, in the order of the file; one for the global scope, one per chosen
 *     tensor for the layer scope, one per row of each chosen tensor for the neuron scope
 * @param excluded tensors that could be pruned, but the policy says no
 * @param failure why the rule gives no plan, so that nothing goes; null where it does
 */
public record Plan(
        Policy policy,
        List<String> chosen,
        List<GroupCount> groups,
        List<ExcludedTensor> excluded,
        @Nullable String failure) {

    public Plan {
        chosen = List.copyOf(chosen);
        groups = List.copyOf(groups);
        excluded = List.copyOf(excluded);
    }

    /** A plan that came about. */
    public Plan(
            Policy policy,
            List<String> chosen,
            List<GroupCount> groups,
            List<ExcludedTensor> excluded) {
        this(policy, chosen, groups, excluded, null);
    }

    /** Number of weights that go. */
    public long pruned() {
        return groups.stream().mapToLong(GroupCount::pruned).sum();
    }

    /**
     * The groups where the plan is not carried out: none loses a weight.
     *
     * @param note why
     */
    public List<GroupCount> spared(String note) {
        return groups.stream()
                .map(
                        group ->
                                group.pruned() == 0
                                        ? group
                                        : new GroupCount(
                                                group.tensor(),
                                                group.unit(),
                                                group.active(),
                                                0,
                                                note))
                .toList();
    }
}
