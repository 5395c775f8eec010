// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.shadow;

import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.planning.Planner;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.event.ShadowOutcome.TensorOutcome;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a shadow would take from each group.
 *
 * @param plan null where the shadow asks for what was not measured
 * @param note why there is no plan
 */
public record ShadowPlan(String name, @Nullable Plan plan, @Nullable String note) {

    /** One for each shadow of the policy in force. */
    public static List<ShadowPlan> of(
            Policy inForce,
            Moment moment,
            List<Double> exponents,
            List<MeasuredTensor> measured,
            Formulas formulas) {
        List<ShadowPlan> plans = new ArrayList<>();
        for (Shadow shadow : inForce.shadowRules()) {
            try {
                Plan plan =
                        Planner.plan(
                                inForce.shadowed(shadow),
                                moment.uneased(),
                                exponents,
                                measured,
                                formulas);
                plans.add(
                        plan.failure() == null
                                ? new ShadowPlan(shadow.name(), plan, null)
                                : new ShadowPlan(shadow.name(), null, plan.failure()));
            } catch (PolicyNotApplicableException e) {
                plans.add(new ShadowPlan(shadow.name(), null, e.getMessage()));
            }
        }
        return plans;
    }

    /** Where the policy in force takes nothing, so that there is nothing to compare with. */
    public ShadowOutcome counted() {
        return plan == null
                ? silent(String.valueOf(note))
                : new ShadowOutcome(name, plan.pruned(), null, List.of(), null);
    }

    /** Where the shadow could not be asked. */
    public ShadowOutcome silent(String reason) {
        return new ShadowOutcome(name, 0, null, List.of(), reason.lines().findFirst().orElse(""));
    }

    /**
     * Compares masks.
     *
     * @param weights with m_t
     * @param real m_{t+1}
     * @param own what the shadow would have made of m_t
     */
    public ShadowOutcome compared(MaskedWeights weights, Mask real, Mask own) {
        List<TensorOutcome> tensors = new ArrayList<>();
        long pruned = 0;
        long overlap = 0;
        for (TensorInfo tensor : weights.maskable()) {
            long active = weights.active(tensor);
            MaskTensor left = bits(own, tensor);
            MaskTensor leftByReal = bits(real, tensor);
            long gone = active - left.active();
            // Of the active weights, those that stay by neither mask.
            long both = active - left.active() - leftByReal.active() + common(left, leftByReal);
            tensors.add(new TensorOutcome(tensor.name(), gone, both));
            pruned += gone;
            overlap += both;
        }
        return new ShadowOutcome(name, pruned, overlap, tensors, null);
    }

    private static MaskTensor bits(Mask mask, TensorInfo tensor) {
        MaskTensor bits = mask.tensor(tensor.name());
        return bits == null ? MaskTensor.ones(tensor.shape()) : bits;
    }

    private static long common(MaskTensor one, MaskTensor other) {
        long count = 0;
        for (int i = 0; i < one.wordCount(); i++) {
            count += Long.bitCount(one.word(i) & other.word(i));
        }
        return count;
    }
}
