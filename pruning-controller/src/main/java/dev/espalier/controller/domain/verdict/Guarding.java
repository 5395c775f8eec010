// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.verdict;

import dev.espalier.controller.domain.guard.Budget;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.policy.Guard;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a guard says to a situation. */
final class Guarding {

    /** The first roll-back gives a second try, the second one a model within budget to end with. */
    private static final int MOST_ROLL_BACKS = 2;

    private Guarding() {}

    /** Null where the guard has no objection. */
    static @Nullable Ruling on(Situation now) {
        Budget budget = now.watch().budget();
        if (budget == null) {
            return null;
        }
        if (!budget.isBroken()) {
            return budget.rollBacks() < MOST_ROLL_BACKS
                    ? null
                    : Ruling.completed(
                            ReasonCode.RETRY_SPENT.because(
                                    "the try at half the pace broke the budget as well; %s, within it, at the mask that was gone back to"
                                            .formatted(seen(budget))));
        }
        String broken = broken(budget);
        return switch (budget.guard().action()) {
            case STOP -> Ruling.completed(ReasonCode.BUDGET_BROKEN.because(broken));
            case HOLD ->
                    now.mayHold()
                            ? Ruling.keep(
                                    ReasonCode.BUDGET_BROKEN.because(
                                            broken + ": nothing goes until it is kept again"))
                            : Ruling.completed(
                                    ReasonCode.BUDGET_BROKEN.because(
                                            broken
                                                    + "; to hold would train the same again, or without end"));
            case ROLL_BACK -> rollBack(budget, broken);
        };
    }

    /**
     * Trained anew, a mask that was within budget need not be: then more of the weights come back.
     */
    private static Ruling rollBack(Budget budget, String broken) {
        DecisionRecord last = budget.lastWithin();
        if (last == null) {
            return Ruling.completed(
                    ReasonCode.BUDGET_BROKEN.because(
                            broken
                                    + (budget.resumed()
                                            ? "; going back did not help, and nowhere more weights are within it"
                                            : "; no earlier iteration is within it")));
        }
        boolean mayTryAgain = budget.rollBacks() + (budget.resumed() ? 0 : 1) < MOST_ROLL_BACKS;
        return Ruling.rollBack(
                ReasonCode.BUDGET_BROKEN.because(
                        "%s: back%s to the mask of iteration %d, %s"
                                .formatted(
                                        broken,
                                        budget.resumed() ? " further" : "",
                                        last.decision().iteration(),
                                        mayTryAgain
                                                ? "then once more at half the pace"
                                                : "and then the run ends")));
    }

    /** Such as {@code accuracy (test) is 0.6100, dense 0.9700: beyond the budget of 0.02}. */
    static String broken(Budget budget) {
        return "%s: beyond the budget of %s".formatted(seen(budget), budget.guard().maxDrop());
    }

    /** Why the guard cannot say anything; null where it can, or there is none. */
    static @Nullable String blind(@Nullable Budget budget) {
        if (budget == null || (budget.value() != null && budget.dense() != null)) {
            return null;
        }
        return "the guard is blind: the trainer did not report %s (%s) of %s"
                .formatted(
                        budget.guard().metric(),
                        budget.guard().split(),
                        budget.value() == null ? "this iteration" : "iteration 0");
    }

    private static String seen(Budget budget) {
        Guard guard = budget.guard();
        return String.format(
                Locale.ROOT,
                "%s (%s) is %.4f, dense %.4f",
                guard.metric(),
                guard.split(),
                budget.value(),
                budget.dense());
    }
}
