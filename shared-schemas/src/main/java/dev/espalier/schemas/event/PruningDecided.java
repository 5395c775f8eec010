// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.PqiTrend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decision on one iteration. active(t+1) = active(t) − pruned(t), unless the verdict is
 * roll-back.
 *
 * @param outcome how the run ends; there exactly when the verdict is stop
 * @param reason of the verdict
 * @param policy that was in force
 * @param mask the mask of the next iteration; absent if every weight is active, and with stop
 * @param total number of weights that could be masked
 * @param active number of them that are active in this iteration
 * @param pruned number of active weights that are pruned
 * @param remaining active / total, from 0 to 1
 * @param pqi of all active weights together, for the first measured pair; absent if none was
 *     measured
 * @param metrics of this iteration's weights
 * @param tensors one entry per tensor that could be masked; empty if there are too many for an
 *     event
 * @param trend the course of {@code pqi}; absent if it was not measured
 * @param guard what the policy's guard saw; absent if the policy has no guard
 * @param shadows what the policy's shadows would have done; absent if it has no shadows
 * @param prunedPqi {@code pqi} of the kept weights before the next training; absent if no weight is
 *     pruned
 * @param tensorsInObject if {@code tensors}, and those of the shadows, are empty because the event
 *     would be too large: the number of tensors that the decision in the register has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PruningDecided(
        RunId runId,
        int iteration,
        Verdict verdict,
        @Nullable Outcome outcome,
        Reason reason,
        PolicyRef policy,
        @Nullable ArtifactRef mask,
        long total,
        long active,
        long pruned,
        double remaining,
        @Nullable GroupIndex pqi,
        List<Metric> metrics,
        List<TensorCount> tensors,
        @Nullable PqiTrend trend,
        @Nullable GuardState guard,
        @Nullable List<ShadowOutcome> shadows,
        @Nullable GroupIndex prunedPqi,
        @Nullable Integer tensorsInObject)
        implements IterationEvent {

    /** Number of active weights of a tensor, and how many of them are pruned. */
    public record TensorCount(String tensor, long active, long pruned) {}

    public PruningDecided {
        IterationEvent.requireValid(iteration);
        if ((verdict == Verdict.STOP) != (outcome != null)) {
            throw new IllegalArgumentException(
                    "verdict is %s and outcome is %s: an outcome belongs to stop, and to stop alone"
                            .formatted(verdict, outcome));
        }
        if (pruned < 0 || pruned > active || active > total) {
            throw new IllegalArgumentException(
                    "pruned %d, active %d, total %d do not fit together"
                            .formatted(pruned, active, total));
        }
        metrics = List.copyOf(metrics);
        tensors = List.copyOf(tensors);
        shadows = shadows == null ? null : List.copyOf(shadows);
        TensorsInObject.requireValid(tensors, tensorsInObject);
    }

    /** With all tensors. */
    public PruningDecided(
            RunId runId,
            int iteration,
            Verdict verdict,
            @Nullable Outcome outcome,
            Reason reason,
            PolicyRef policy,
            @Nullable ArtifactRef mask,
            long total,
            long active,
            long pruned,
            double remaining,
            @Nullable GroupIndex pqi,
            List<Metric> metrics,
            List<TensorCount> tensors,
            @Nullable PqiTrend trend,
            @Nullable GuardState guard,
            @Nullable List<ShadowOutcome> shadows,
            @Nullable GroupIndex prunedPqi) {
        this(
                runId, iteration, verdict, outcome, reason, policy, mask, total, active, pruned,
                remaining, pqi, metrics, tensors, trend, guard, shadows, prunedPqi, null);
    }

    /** A decision without a trend, guard and shadows. */
    public PruningDecided(
            RunId runId,
            int iteration,
            Verdict verdict,
            @Nullable Outcome outcome,
            Reason reason,
            PolicyRef policy,
            @Nullable ArtifactRef mask,
            long total,
            long active,
            long pruned,
            double remaining,
            @Nullable GroupIndex pqi,
            List<Metric> metrics,
            List<TensorCount> tensors) {
        this(
                runId, iteration, verdict, outcome, reason, policy, mask, total, active, pruned,
                remaining, pqi, metrics, tensors, null, null, null, null);
    }

    /** The same event without its tensors, which the decision in the register has. */
    public PruningDecided withTensorsInObject() {
        return tensors.isEmpty()
                ? this
                : new PruningDecided(
                        runId,
                        iteration,
                        verdict,
                        outcome,
                        reason,
                        policy,
                        mask,
                        total,
                        active,
                        pruned,
                        remaining,
                        pqi,
                        metrics,
                        List.of(),
                        trend,
                        guard,
                        shadows == null
                                ? null
                                : shadows.stream().map(ShadowOutcome::withoutTensors).toList(),
                        prunedPqi,
                        tensors.size());
    }

    @Override
    public String kind() {
        return "decision";
    }
}
