// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.verdict;

import dev.espalier.controller.domain.guard.Budget;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.sparsity.Phase;
import dev.espalier.schemas.sparsity.PqiTrend;
import java.util.Locale;

/** Rules on a situation: the stop rules first, then the plan. */
public final class Verdicts {

    private Verdicts() {}

    public static Ruling on(Situation now) {
        Ruling ruling = ruled(now);
        String blind = Guarding.blind(now.watch().budget());
        return blind == null ? ruling : ruling.followed("; " + blind);
    }

    private static Ruling ruled(Situation now) {
        Integer iterations = now.iterations();
        if (iterations != null && now.iteration() >= iterations) {
            return Ruling.completed(
                    ReasonCode.ITERATIONS_REACHED.because(
                            "training %d of %d is done; %s"
                                            .formatted(now.iteration(), iterations, remain(now))
                                    + beyondBudget(now)));
        }
        Ruling guarded = Guarding.on(now);
        if (guarded != null) {
            return guarded;
        }
        Phase last = now.policy().stop().phase();
        PqiTrend trend = now.watch().trend();
        if (last != null && trend != null && trend.phase().compareTo(last) >= 0) {
            return Ruling.completed(
                    ReasonCode.PHASE_REACHED.because(
                            String.format(
                                    Locale.ROOT,
                                    "%s: smoothed PQI %.3f, lowest %.3f, highest %.3f; %s",
                                    trend.phase().label(),
                                    trend.smoothed(),
                                    trend.lowest(),
                                    trend.highest(),
                                    remain(now))));
        }
        Double floor = now.policy().stop().remainingBelow();
        if (floor != null && now.remaining() < floor) {
            return Ruling.completed(
                    ReasonCode.REMAINING_BELOW.because(
                            "%s, below %s".formatted(remain(now), percent(floor))));
        }
        String failure = now.plan().failure();
        if (failure != null) {
            var reason =
                    ReasonCode.EXPRESSION_FAILED.because(
                            failure + "; nothing goes; " + remain(now));
            return iterations != null || now.mayHold()
                    ? Ruling.keep(reason)
                    : Ruling.failed(reason);
        }
        if (now.plan().pruned() == 0) {
            return nothingToPrune(now);
        }
        return Ruling.prune(code(now.policy().rule()).because(pruning(now)));
    }

    private static String beyondBudget(Situation now) {
        Budget budget = now.watch().budget();
        if (budget == null || !budget.isBroken()) {
            return "";
        }
        DecisionRecord within = budget.lastWithin();
        return "; "
                + Guarding.broken(budget)
                + (within == null
                        ? ""
                        : ", which iteration %d kept".formatted(within.decision().iteration()));
    }

    private static Ruling nothingToPrune(Situation now) {
        var reason =
                ReasonCode.NOTHING_TO_PRUNE.because(
                        "%s takes no weight of any of %d groups; %s"
                                .formatted(
                                        name(now.policy()),
                                        now.plan().groups().size(),
                                        remain(now)));
        return now.mayHold() ? Ruling.keep(reason) : Ruling.completed(reason);
    }

    private static ReasonCode code(PruningRule rule) {
        return switch (rule) {
            case PruningRule.Sap sap -> ReasonCode.SAP_BOUND;
            case PruningRule.FixedRatio fixed -> ReasonCode.FIXED_RATIO;
            case PruningRule.OneShot oneShot -> ReasonCode.ONE_SHOT;
            case PruningRule.Gradual gradual -> ReasonCode.GRADUAL;
            case PruningRule.Expression expression -> ReasonCode.EXPRESSION;
        };
    }

    private static String pruning(Situation now) {
        double share = (double) now.plan().pruned() / now.active();
        var pqi = now.pqi();
        return "%s%s: %s of %d active weights go%s"
                .formatted(
                        name(now.policy()),
                        now.watch().easing() == 1 ? "" : " at half the pace",
                        percent(share),
                        now.active(),
                        pqi == null || pqi.value() == null
                                ? ""
                                : String.format(Locale.ROOT, "; PQI %.3f", pqi.value()));
    }

    /** Such as {@code SAP (0.5, 1.0) by layer}. */
    private static String name(Policy policy) {
        String rule =
                switch (policy.rule()) {
                    case PruningRule.Sap sap -> "SAP " + sap.pair();
                    case PruningRule.FixedRatio fixed -> "fixed ratio " + fixed.ratio();
                    case PruningRule.OneShot oneShot -> "one-shot " + oneShot.ratio();
                    case PruningRule.Gradual gradual ->
                            "gradual to sparsity %s at %d"
                                    .formatted(gradual.finalSparsity(), gradual.iterations());
                    case PruningRule.Expression expression ->
                            "expression '" + expression.ratio().strip() + "'";
                };
        return switch (policy.scope()) {
            case GLOBAL -> rule + ", global";
            case LAYER -> rule + " by layer";
            case NEURON -> rule + " by neuron";
        };
    }

    private static String remain(Situation now) {
        return "%s of %d weights remain".formatted(percent(now.remaining()), now.total());
    }

    private static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }
}
