// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.domain.guard.Budget;
import dev.espalier.controller.domain.guard.Watch;
import dev.espalier.controller.domain.history.History;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.policy.Guard;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import java.util.List;
import java.util.stream.Stream;

/** The moment of a decision, of one that is made and of one that was. */
final class Moments {

    private Moments() {}

    /**
     * @param remaining active / total
     * @param metrics of this iteration
     */
    static Moment of(
            Policy policy,
            int iteration,
            double easing,
            double remaining,
            List<Metric> metrics,
            History history) {
        if (!computes(policy)) {
            return new Moment(iteration, easing, remaining, null, null);
        }
        Guard guard = policy.guard() == null ? Watch.USUAL : policy.guard();
        Double value = Budget.metric(guard, metrics);
        Double dense =
                iteration == 0
                        ? value
                        : history.at(0)
                                .map(record -> Budget.metric(guard, record.decision().metrics()))
                                .orElse(null);
        return new Moment(iteration, easing, remaining, value, dense);
    }

    private static boolean computes(Policy policy) {
        return Stream.concat(
                        Stream.of(policy.rule()),
                        policy.shadowRules().stream().map(shadow -> shadow.rule()))
                .anyMatch(PruningRule.Expression.class::isInstance);
    }
}
