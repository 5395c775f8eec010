// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.verdict;

import dev.espalier.schemas.Reason;

/** The codes of this service's reasons. A failed measurement brings its own code along. */
public enum ReasonCode {
    /** SAP's bound leaves room. */
    SAP_BOUND("sap-bound"),
    /** A fixed fraction goes, ranked by w_t. */
    FIXED_RATIO("fixed-ratio"),
    /** A fixed fraction goes, ranked by w_0. */
    ONE_SHOT("one-shot"),
    /** The schedule asks for a higher sparsity. */
    GRADUAL("gradual"),
    /** A fraction goes that an expression gives, ranked by w_t. */
    EXPRESSION("expression"),
    /** The expression gives no ratio for some group, so nothing goes of any. */
    EXPRESSION_FAILED("expression-failed"),
    /** The plan takes no weight of any group. */
    NOTHING_TO_PRUNE("nothing-to-prune"),
    /** The last training of the run is done. */
    ITERATIONS_REACHED("iterations-reached"),
    /** Fewer weights remain than the policy asks for. */
    REMAINING_BELOW("remaining-below"),
    /** The PQ Index has come to the phase at which the policy stops. */
    PHASE_REACHED("phase-reached"),
    /** The metric has fallen by more than the guard allows. */
    BUDGET_BROKEN("budget-broken"),
    /** The second try broke the budget, too; what was gone back to is within it. */
    RETRY_SPENT("retry-spent"),
    /** Training diverged, and no guard goes back. */
    DIVERGED("diverged"),
    /** Weights, mask or measurement are not what they should be. */
    ARTIFACT_CORRUPT("artifact-corrupt"),
    /** No policy that could be in force fits what was measured. */
    POLICY_NOT_APPLICABLE("policy-not-applicable");

    private final String code;

    ReasonCode(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public Reason because(String message) {
        return new Reason(code, message);
    }
}
