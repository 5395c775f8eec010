// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.cel;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.espalier.controller.domain.planning.Formula;
import dev.espalier.controller.domain.planning.FormulaFailedException;
import dev.espalier.controller.domain.planning.GroupFacts;
import dev.espalier.controller.domain.planning.Moment;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled expression. */
final class CelFormula implements Formula {

    private final CelRuntime.Program program;
    private final Set<String> names;

    /**
     * @param names of the variables in it, and of much else
     */
    CelFormula(CelRuntime.Program program, Set<String> names) {
        this.program = program;
        this.names = names;
    }

    @Override
    public boolean uses(String fact) {
        return names.contains(fact);
    }

    @Override
    public double ratio(GroupFacts group, Moment moment) {
        requireReported("metric", moment.metric());
        requireReported("metric_dense", moment.denseMetric());
        try {
            return ((Number) program.eval(Facts.of(group, moment))).doubleValue();
        } catch (CelEvaluationException e) {
            throw new FormulaFailedException(String.valueOf(e.getMessage()));
        }
    }

    private void requireReported(String name, @Nullable Double value) {
        if (value == null && uses(name)) {
            throw new FormulaFailedException(
                    name
                            + " is not known: the trainer did not report the metric of the guard, or else the accuracy (test),");
        }
    }
}
