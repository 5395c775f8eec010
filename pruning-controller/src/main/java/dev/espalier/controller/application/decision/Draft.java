// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.application.SelectedPolicies.ChosenPolicy;
import dev.espalier.controller.domain.verdict.Ruling;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.PqiTrend;
import dev.espalier.transport.documents.PolicyVersion;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision that nobody knows of yet.
 *
 * @param mask m_{t+1}, where the verdict is prune
 */
record Draft(DecisionRecord record, @Nullable MadeMask mask) implements AutoCloseable {

    /**
     * What was found out about a snapshot.
     *
     * @param pqi of all active weights together
     * @param trend its course
     * @param guard null where the policy has none
     * @param shadows null where none was asked
     * @param prunedPqi null where nothing goes
     */
    record Findings(
            @Nullable GroupIndex pqi,
            List<GroupCount> groups,
            List<ExcludedTensor> excluded,
            @Nullable PqiTrend trend,
            @Nullable GuardState guard,
            @Nullable List<ShadowOutcome> shadows,
            @Nullable GroupIndex prunedPqi) {

        static final Findings NONE =
                new Findings(null, List.of(), List.of(), null, null, null, null);
    }

    /**
     * @param measurement null where the snapshot could not be measured
     * @param next the mask of iteration t + 1; null where every weight is active, and with stop
     */
    static DecisionRecord record(
            SnapshotPublished snapshot,
            @Nullable ArtifactRef measurement,
            ChosenPolicy policy,
            Ruling ruling,
            @Nullable ArtifactRef next,
            Counts counts,
            Findings findings) {
        var decision =
                new PruningDecided(
                        snapshot.runId(),
                        snapshot.iteration(),
                        ruling.verdict(),
                        ruling.outcome(),
                        ruling.reason(),
                        new PolicyRef(
                                policy.policy().name(),
                                PolicyVersion.of(policy.policy()),
                                policy.setBy()),
                        next,
                        counts.total(),
                        counts.active(),
                        counts.pruned(),
                        counts.remaining(),
                        findings.pqi(),
                        snapshot.metrics(),
                        counts.tensors(),
                        findings.trend(),
                        findings.guard(),
                        findings.shadows(),
                        findings.prunedPqi());
        return new DecisionRecord(
                decision,
                policy.policy(),
                snapshot.weights(),
                snapshot.mask(),
                measurement,
                findings.groups(),
                findings.excluded());
    }

    @Override
    public void close() throws IOException {
        if (mask != null) {
            mask.close();
        }
    }
}
