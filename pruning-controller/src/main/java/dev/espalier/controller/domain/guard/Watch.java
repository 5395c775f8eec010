// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.guard;

import dev.espalier.controller.domain.history.History;
import dev.espalier.controller.domain.phase.PhaseDetector;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.policy.Guard;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.PqiTrend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run's course when a verdict is found: two signals that do not depend on each
 * other, PQI and the metric.
 *
 * @param trend null where no index was ever defined
 * @param budget null where the policy has no guard
 */
public record Watch(@Nullable PqiTrend trend, @Nullable Budget budget) {

    public static final Watch NONE = new Watch(null, null);

    /** The metric that tells a collapse from a pause, where no guard names another. */
    private static final Guard USUAL = new Guard("accuracy", "test", 0, Guard.Action.STOP);

    /**
     * @param version of the policy
     * @param pqi of this iteration
     */
    public static Watch of(
            Policy policy,
            String version,
            int iteration,
            List<Metric> metrics,
            @Nullable GroupIndex pqi,
            History history) {
        Guard guard = policy.guard();
        Budget budget =
                Budget.of(guard == null ? USUAL : guard, version, iteration, metrics, history);
        PqiTrend trend =
                PhaseDetector.next(
                        iteration == 0 ? null : trendBefore(iteration, history),
                        pqi == null ? null : pqi.value(),
                        budget.value(),
                        budget.dense());
        return new Watch(trend, guard == null ? null : budget);
    }

    /** After a roll-back to iteration k, what came from k on has not happened. */
    private static @Nullable PqiTrend trendBefore(int iteration, History history) {
        PruningDecided before =
                history.at(iteration - 1).map(DecisionRecord::decision).orElse(null);
        if (before == null) {
            return null;
        }
        GuardState state = before.guard();
        Integer to = state == null ? null : state.rollBackTo();
        if (to == null) {
            return before.trend();
        }
        return to == 0
                ? null
                : history.at(to - 1).map(record -> record.decision().trend()).orElse(null);
    }

    /** Factor on the number of weights that goes. */
    public double easing() {
        return budget == null ? 1 : budget.easing();
    }
}
