// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.guard;

import dev.espalier.controller.domain.history.History;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Guard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guard's view of an iteration.
 *
 * @param iteration t
 * @param value the metric; null where it was not reported
 * @param dense the same of iteration 0
 * @param rollBacks how often the policy, in this version, rolled back before
 * @param resumed whether this iteration was trained under a mask that was rolled back to
 * @param lastWithin where the budget is broken: the last decision on weights within it; where it is
 *     broken by weights that were gone back to, the last one on more weights
 */
public record Budget(
        Guard guard,
        int iteration,
        @Nullable Double value,
        @Nullable Double dense,
        int rollBacks,
        boolean resumed,
        @Nullable DecisionRecord lastWithin) {

    /** The pace after a roll-back. */
    private static final double HALF = 0.5;

    /**
     * @param version of the policy that holds the guard
     * @param active weights of the iteration
     * @param kept of how many iterations the masks are there; null for all
     */
    public static Budget of(
            Guard guard,
            String version,
            int iteration,
            List<Metric> metrics,
            long active,
            History history,
            @Nullable Integer kept) {
        Double value = metric(guard, metrics);
        Double dense =
                iteration == 0
                        ? value
                        : history.at(0)
                                .map(r -> metric(guard, r.decision().metrics()))
                                .orElse(null);
        PruningDecided before =
                iteration == 0
                        ? null
                        : history.at(iteration - 1).map(DecisionRecord::decision).orElse(null);
        boolean resumed = before != null && before.verdict() == Verdict.ROLL_BACK;
        GuardState state =
                before != null && before.policy().version().equals(version) ? before.guard() : null;
        boolean broken = isBroken(guard, value, dense);
        DecisionRecord last = null;
        if (broken) {
            Integer known = state == null || resumed ? null : state.lastWithin();
            last =
                    known == null
                            ? lastWithin(
                                    guard, dense, iteration, resumed ? active : 0, history, kept)
                            : history.at(known).orElse(null);
        }
        return new Budget(
                guard,
                iteration,
                value,
                dense,
                state == null ? 0 : state.rollBacks(),
                resumed,
                last);
    }

    private static boolean isBroken(Guard guard, @Nullable Double value, @Nullable Double dense) {
        return value != null && dense != null && dense - value > guard.maxDrop();
    }

    /** Only masks that are there can be gone back to; the dense model needs none. */
    private static @Nullable DecisionRecord lastWithin(
            Guard guard,
            @Nullable Double dense,
            int iteration,
            long moreThan,
            History history,
            @Nullable Integer kept) {
        int oldest = kept == null ? 1 : Math.max(1, iteration - kept + 1);
        for (int k = iteration - 1; k >= oldest; k--) {
            DecisionRecord record = within(guard, dense, k, moreThan, history);
            if (record != null) {
                return record;
            }
        }
        return iteration == 0 ? null : within(guard, dense, 0, moreThan, history);
    }

    private static @Nullable DecisionRecord within(
            Guard guard, @Nullable Double dense, int k, long moreThan, History history) {
        DecisionRecord record = history.at(k).orElse(null);
        if (record == null || record.decision().active() <= moreThan) {
            return null;
        }
        Double value = metric(guard, record.decision().metrics());
        return value == null || isBroken(guard, value, dense) ? null : record;
    }

    /** The value of the guard's metric, where it is among these. */
    public static @Nullable Double metric(Guard guard, List<Metric> metrics) {
        return value(guard.metric(), guard.split(), metrics);
    }

    static @Nullable Double value(String name, String split, List<Metric> metrics) {
        return metrics.stream()
                .filter(m -> m.name().equals(name) && m.split().equals(split))
                .map(Metric::value)
                .findFirst()
                .orElse(null);
    }

    public boolean isBroken() {
        return isBroken(guard, value, dense);
    }

    /** Factor on the number of weights that goes. */
    public double easing() {
        return easing(rollBacks);
    }

    /** The same, of a decision that was made. */
    public static double easing(@Nullable GuardState state) {
        return state == null ? 1 : easing(state.rollBacks());
    }

    private static double easing(int rollBacks) {
        return rollBacks == 0 ? 1 : HALF;
    }

    /** As it is recorded where the run goes on or ends. */
    public GuardState state() {
        return new GuardState(value, dense, rollBacks, null, within());
    }

    /** As it is recorded where the run goes back. Going back further is no other time. */
    public GuardState rolledBack(int to) {
        return new GuardState(value, dense, resumed ? rollBacks : rollBacks + 1, to, to);
    }

    private @Nullable Integer within() {
        if (!isBroken()) {
            return value == null ? null : iteration;
        }
        return lastWithin == null ? null : lastWithin.decision().iteration();
    }
}
