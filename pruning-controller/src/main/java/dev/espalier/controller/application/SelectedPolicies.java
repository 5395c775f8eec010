// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import dev.espalier.schemas.policy.Policy;
import java.util.Optional;

/** The policies that users selected. */
public interface SelectedPolicies {

    /**
     * The last valid one.
     *
     * @param target a run id, or {@code default}
     */
    Optional<ChosenPolicy> find(String target);

    /**
     * A policy, and what put it in force.
     *
     * @param setBy the id of an event, or {@code built-in}
     */
    record ChosenPolicy(Policy policy, String setBy) {

        public static final ChosenPolicy BUILT_IN = new ChosenPolicy(Policy.DEFAULT, "built-in");
    }
}
