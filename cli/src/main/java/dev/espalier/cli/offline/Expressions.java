// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.offline;

import dev.espalier.controller.adapter.cel.CelFormulas;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.PolicyCheck;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.transport.documents.InvalidDocumentException;
import java.util.List;

/** Expressions in policies, as pruning-controller computes them. */
public final class Expressions {

    /** What it takes to compute is loaded for those policies alone that have an expression. */
    public static final Formulas FORMULAS = expression -> new CelFormulas().of(expression);

    private Expressions() {}

    /**
     * Refuses what the controller would refuse.
     *
     * @param name of the document, for the message
     * @throws InvalidDocumentException where an expression of the policy cannot work
     */
    public static void require(String name, Policy policy) {
        try {
            PolicyCheck.require(policy, FORMULAS);
        } catch (PolicyNotApplicableException e) {
            throw new InvalidDocumentException(
                    "%s is no valid policy: %s".formatted(name, e.getMessage()), e);
        }
    }

    /**
     * The same of the shadows of a run.
     *
     * @throws InvalidDocumentException likewise
     */
    public static void require(String name, List<Shadow> shadows) {
        try {
            PolicyCheck.require(shadows, FORMULAS);
        } catch (PolicyNotApplicableException e) {
            throw new InvalidDocumentException(
                    "%s is no valid run specification: %s".formatted(name, e.getMessage()), e);
        }
    }
}
