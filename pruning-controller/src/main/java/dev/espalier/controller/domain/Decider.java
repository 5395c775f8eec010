// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain;

import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.planning.Planner;
import dev.espalier.controller.domain.selection.Selection;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import java.io.IOException;
import java.util.List;

/** Plans and selects in one go. */
public final class Decider {

    private Decider() {}

    /**
     * @param weights w_t
     * @param mask m_t; {@link Mask#DENSE} where every weight is active
     * @param moment t, on which schedules depend
     * @param exponents of the power sums, ascending
     * @param measured every prunable tensor, in the order of the file
     * @param rankBy holds the weights that are compared: the same as {@code weights}, or w_0 for
     *     one-shot
     * @param formulas for a policy with an expression
     * @throws dev.espalier.controller.domain.planning.PolicyNotApplicableException if the policy's
     *     pair was not measured
     * @throws dev.espalier.controller.domain.weights.UnusableSnapshotException if the measurement
     *     is not of these weights, or a weight is not finite
     * @throws dev.espalier.schemas.tensor.SafetensorsException if a source is no safetensors file,
     *     or they do not fit each other
     */
    public static Proposal decide(
            ByteSource weights,
            Mask mask,
            Policy policy,
            Moment moment,
            List<Double> exponents,
            List<MeasuredTensor> measured,
            ByteSource rankBy,
            Formulas formulas)
            throws IOException {
        MaskedWeights masked = MaskedWeights.read(weights, mask);
        masked.requireMeasured(measured);
        Plan plan = Planner.plan(policy, moment, exponents, measured, formulas);
        return new Proposal(masked, plan, Selection.select(masked, plan, rankBy));
    }
}
