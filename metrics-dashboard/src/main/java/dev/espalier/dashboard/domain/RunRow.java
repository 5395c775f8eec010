// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.sparsity.GroupIndex;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table of runs. Null is what is not known.
 *
 * @param state as the trainer reports it; of a run that reports none, as its decisions tell
 * @param desired what the user wants
 * @param phase where in the loop it is; null unless it runs
 * @param dataset the name alone
 * @param policy of the last decision
 * @param policyRefusal why the policy that was selected last is not in force; null where it is
 * @param iteration the last one that anything is known of
 * @param iterations N, where it is known
 * @param progress of the whole run, from 0 to 1
 * @param total number of weights that could be masked
 * @param active number of them that were active in the last iteration that was measured
 * @param remaining active / total
 * @param pqi of those, for the first pair
 * @param metrics the latest known
 * @param denseMetrics of iteration 0, before anything was pruned
 * @param epoch the last one of the iteration in work
 * @param startedAt when the run was asked for, or first heard of
 * @param lastIterationAt when the last snapshot was published
 * @param updatedAt when the last new event was written
 */
public record RunRow(
        RunId runId,
        ReportedState state,
        @Nullable DesiredState desired,
        @Nullable RunActivity phase,
        @Nullable TrainerKind trainer,
        @Nullable String model,
        @Nullable String dataset,
        @Nullable PolicyRef policy,
        @Nullable Reason policyRefusal,
        int iteration,
        @Nullable Integer iterations,
        @Nullable Double progress,
        @Nullable Double etaSeconds,
        @Nullable Reason reason,
        @Nullable Long total,
        @Nullable Long active,
        @Nullable Double remaining,
        @Nullable GroupIndex pqi,
        List<Metric> metrics,
        List<Metric> denseMetrics,
        @Nullable DecisionView lastDecision,
        @Nullable EpochView epoch,
        Instant startedAt,
        @Nullable Instant lastIterationAt,
        Instant updatedAt) {}
