// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.guard;

import dev.espalier.controller.domain.history.History;
import dev.espalier.controller.domain.phase.PhaseDetector;
import dev.espalier.controller.domain.phase.Sighting;
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

    /** The metric that tells a collapse from a pause, where no guard names another; no budget. */
    public static final Guard USUAL =
            new Guard("accuracy", "test", Double.MAX_VALUE, Guard.Action.STOP);

    /** Added to a metric's name where it is of weights just pruned. */
    private static final String JUST_PRUNED = "-pruned";

    /**
     * @param version of the policy
     * @param pqi of this iteration
     * @param active weights of this iteration
     * @param kept of how many iterations the masks are there; null for all
     */
    public static Watch of(
            Policy policy,
            String version,
            int iteration,
            List<Metric> metrics,
            @Nullable GroupIndex pqi,
            long active,
            History history,
            @Nullable Integer kept) {
        Guard guard = policy.guard();
        Guard seen = guard == null ? USUAL : guard;
        Budget budget = Budget.of(seen, version, iteration, metrics, active, history, kept);
        PruningDecided before = iteration == 0 ? null : before(iteration, history);
        GroupIndex pruned = before == null ? null : before.prunedPqi();
        PqiTrend trend =
                PhaseDetector.next(
                        before == null ? null : before.trend(),
                        new Sighting(
                                before == null ? 1 : (double) active / before.active(),
                                pqi == null ? null : pqi.value(),
                                pruned == null ? null : pruned.value(),
                                budget.value(),
                                Budget.value(seen.metric() + JUST_PRUNED, seen.split(), metrics),
                                budget.dense()));
        return new Watch(trend, guard == null ? null : budget);
    }

    /**
     * The decision that led to the weights of this iteration. After a roll-back to iteration k,
     * what came from k on has not happened.
     */
    private static @Nullable PruningDecided before(int iteration, History history) {
        PruningDecided last = decision(iteration - 1, history);
        GuardState state = last == null ? null : last.guard();
        Integer to = state == null ? null : state.rollBackTo();
        if (to == null) {
            return last;
        }
        return to == 0 ? null : decision(to - 1, history);
    }

    private static @Nullable PruningDecided decision(int iteration, History history) {
        return history.at(iteration).map(DecisionRecord::decision).orElse(null);
    }

    /** Factor on the number of weights that goes. */
    public double easing() {
        return budget == null ? 1 : budget.easing();
    }
}
