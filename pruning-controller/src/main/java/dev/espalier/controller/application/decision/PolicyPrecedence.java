// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.application.Runs.KnownRun;
import dev.espalier.controller.application.SelectedPolicies;
import dev.espalier.controller.application.SelectedPolicies.ChosenPolicy;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.policy.Policy;
import java.util.ArrayList;
import java.util.List;

/**
 * Which policy holds: the one selected for the run, the run's own, the one selected for every run,
 * the built-in one. Each is asked once per decision, so a swap is in force from the next decision
 * on and no decision mixes two.
 */
final class PolicyPrecedence {

    private final SelectedPolicies selected;

    PolicyPrecedence(SelectedPolicies selected) {
        this.selected = selected;
    }

    /** All that could hold, the one in force first. Never empty. */
    List<ChosenPolicy> of(RunId run, KnownRun known) {
        List<ChosenPolicy> chain = new ArrayList<>();
        selected.find(run.value()).ifPresent(chain::add);
        Policy own = known.specification().policy();
        if (own != null) {
            chain.add(new ChosenPolicy(own, known.requestId()));
        }
        selected.find(PolicySelected.DEFAULT_TARGET).ifPresent(chain::add);
        chain.add(ChosenPolicy.BUILT_IN);
        return chain;
    }
}
