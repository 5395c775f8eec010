// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

/** Makes formulas out of what users write. */
public interface Formulas {

    /** Where expressions cannot be computed. */
    Formulas NONE =
            expression -> {
                throw new PolicyNotApplicableException(
                        "rule.ratio is '%s': expressions cannot be computed here"
                                .formatted(expression));
            };

    /**
     * @throws PolicyNotApplicableException if that is no expression; the message says why
     */
    Formula of(String expression);
}
