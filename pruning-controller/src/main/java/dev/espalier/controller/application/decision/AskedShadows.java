// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.controller.domain.shadow.ShadowPlan;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.Measurement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the shadows of the policy in force. Counts cost nothing; masks are selected as the real one
 * is, and only where there is a real one to compare with.
 */
final class AskedShadows {

    private final Masks masks;
    private final Formulas formulas;

    AskedShadows(Masks masks, Formulas formulas) {
        this.masks = masks;
        this.formulas = formulas;
    }

    /**
     * @param real m_{t+1}; null where nothing goes
     * @return null where the policy has no shadows
     */
    @Nullable List<ShadowOutcome> of(
            CompressibilityMeasured event,
            Snapshot snapshot,
            Policy inForce,
            Moment moment,
            @Nullable MadeMask real)
            throws IOException {
        Measurement measured = snapshot.measurement();
        List<ShadowOutcome> outcomes = new ArrayList<>();
        for (ShadowPlan shadow :
                ShadowPlan.of(
                        inForce, moment, measured.exponents(), measured.tensors(), formulas)) {
            outcomes.add(real == null ? shadow.counted() : compared(event, snapshot, shadow, real));
        }
        return outcomes.isEmpty() ? null : outcomes;
    }

    private ShadowOutcome compared(
            CompressibilityMeasured event, Snapshot snapshot, ShadowPlan shadow, MadeMask real)
            throws IOException {
        var plan = shadow.plan();
        if (plan == null) {
            return shadow.counted();
        }
        try (MadeMask own = masks.make(event.runId(), event.iteration(), snapshot, plan)) {
            return shadow.compared(snapshot.weights(), real.mask(), own.mask());
        } catch (PolicyNotApplicableException e) {
            return shadow.silent(String.valueOf(e.getMessage()));
        }
    }
}
