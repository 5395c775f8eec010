// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.sparsity.PqIndex;
import java.util.List;

/**
 * Tries the expressions of a policy on what a run may bring, so that one that cannot work is
 * refused before it is in force.
 */
public final class PolicyCheck {

    private static final List<Double> INDICES = List.of(0.0, 0.05, 0.2, 0.5, 0.9, 0.999);
    private static final List<Long> ACTIVE = List.of(1L, 10L, 1_000L, 1_000_000L, 1_000_000_000L);
    private static final List<Integer> ITERATIONS = List.of(0, 1, 2, 3, 10, 100, 1_000);
    private static final List<Double> REMAINING = List.of(1.0, 0.5, 0.1, 0.001);
    private static final List<Double> METRICS = List.of(0.9, 0.95, 0.5, 0.1);
    private static final List<String> TENSORS = List.of("fc1.weight", "conv1.weight", "");
    private static final double DENSE = 0.9;

    private PolicyCheck() {}

    /**
     * @throws PolicyNotApplicableException if an expression of the policy, or of one of its
     *     shadows, is none, or fails somewhere; the message says where
     */
    public static void require(Policy policy, Formulas formulas) {
        require(policy.rule(), formulas);
        require(policy.shadowRules(), formulas);
    }

    /**
     * @throws PolicyNotApplicableException likewise
     */
    public static void require(List<Shadow> shadows, Formulas formulas) {
        for (Shadow shadow : shadows) {
            try {
                require(shadow.rule(), formulas);
            } catch (PolicyNotApplicableException e) {
                throw new PolicyNotApplicableException(
                        "the shadow '%s': %s".formatted(shadow.name(), e.getMessage()));
            }
        }
    }

    private static void require(PruningRule rule, Formulas formulas) {
        if (rule instanceof PruningRule.Expression expression) {
            try {
                tryAll(expression, new ComputedRatio(expression, formulas));
            } catch (FormulaFailedException e) {
                throw new PolicyNotApplicableException(String.valueOf(e.getMessage()));
            }
        }
    }

    private static void tryAll(PruningRule.Expression rule, ComputedRatio ratio) {
        boolean metrics = ratio.uses("metric") || ratio.uses("metric_dense");
        for (int iteration : ratio.uses("iteration") ? ITERATIONS : ITERATIONS.subList(0, 1)) {
            for (double remaining : ratio.uses("remaining") ? REMAINING : List.of(1.0)) {
                for (double metric : metrics ? METRICS : METRICS.subList(0, 1)) {
                    var moment = new Moment(iteration, 1, remaining, metric, DENSE);
                    tryGroups(rule, ratio, moment);
                }
            }
        }
    }

    private static void tryGroups(PruningRule.Expression rule, ComputedRatio ratio, Moment moment) {
        for (double pqi : ratio.needsIndex() ? INDICES : INDICES.subList(0, 1)) {
            for (long d : ACTIVE) {
                double r = PqIndex.retain(d, pqi, rule.pair(), rule.eta());
                for (String tensor : ratio.uses("tensor") ? TENSORS : TENSORS.subList(0, 1)) {
                    var group =
                            new GroupFacts(
                                    0, tensor.isEmpty() ? null : tensor, null, 2 * d, d, pqi, r);
                    ratio.of(group, moment);
                }
            }
        }
    }
}
