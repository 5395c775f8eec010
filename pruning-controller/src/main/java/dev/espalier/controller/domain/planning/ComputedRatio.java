// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import dev.espalier.schemas.policy.PruningRule;
import java.util.Locale;

/** A formula held to what a ratio may be. */
final class ComputedRatio {

    private final PruningRule.Expression rule;
    private final Formula formula;

    ComputedRatio(PruningRule.Expression rule, Formulas formulas) {
        this.rule = rule;
        this.formula = formulas.of(rule.ratio());
    }

    /** Whether there is a number only where the group has a PQ Index. */
    boolean needsIndex() {
        return formula.uses("pqi") || formula.uses("r");
    }

    boolean uses(String fact) {
        return formula.uses(fact);
    }

    /**
     * @throws FormulaFailedException if it is no number from 0 to 1
     */
    double of(GroupFacts group, Moment moment) {
        double ratio;
        try {
            ratio = formula.ratio(group, moment);
        } catch (FormulaFailedException e) {
            throw new FormulaFailedException(
                    "rule.ratio is '%s': %s%s"
                            .formatted(rule.ratio(), e.getMessage(), where(group, moment)));
        }
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new FormulaFailedException(
                    "rule.ratio is '%s': its value is %s%s, a number from 0 to 1 is wanted"
                            .formatted(rule.ratio(), ratio, where(group, moment)));
        }
        return ratio;
    }

    private static String where(GroupFacts group, Moment moment) {
        return String.format(
                Locale.ROOT,
                " for %s (pqi %s, d %d, r %s, total %d) at iteration %d (remaining %s, metric %s, metric_dense %s)",
                group.name(),
                group.pqi(),
                group.d(),
                group.r(),
                group.total(),
                moment.iteration(),
                moment.remaining(),
                moment.metric(),
                moment.denseMetric());
    }
}
