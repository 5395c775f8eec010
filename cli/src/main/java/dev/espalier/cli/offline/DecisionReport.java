// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.offline;

import dev.espalier.controller.domain.Proposal;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy makes of a file, as {@code espalier decide --output json} prints it.
 *
 * @param active number of active weights of all groups together
 * @param pruned number of those that go
 * @param excluded every tensor that the policy does not touch, and why
 */
public record DecisionReport(
        long active, long pruned, List<Group> groups, List<ExcludedTensor> excluded) {

    /**
     * @param tensor null for the global scope
     * @param unit the row, for the neuron scope, else null
     */
    public record Group(
            @Nullable String tensor, @Nullable Integer unit, long active, long pruned) {}

    public DecisionReport {
        groups = List.copyOf(groups);
        excluded = List.copyOf(excluded);
    }

    static DecisionReport of(Proposal proposal) {
        List<GroupCount> groups = proposal.groups();
        return new DecisionReport(
                groups.stream().mapToLong(GroupCount::active).sum(),
                groups.stream().mapToLong(GroupCount::pruned).sum(),
                groups.stream()
                        .map(g -> new Group(g.tensor(), g.unit(), g.active(), g.pruned()))
                        .toList(),
                proposal.excluded());
    }
}
