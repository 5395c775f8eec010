// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

/** A ratio that is computed. The same facts give the same number, always and everywhere. */
public interface Formula {

    /** Whether the number depends on a fact of that name, as users know it. */
    boolean uses(String fact);

    /**
     * @throws FormulaFailedException if there is no number
     */
    double ratio(GroupFacts group, Moment moment);
}
