// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import java.io.Serial;

/** A formula that gives no number, or none that is a ratio. */
public final class FormulaFailedException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public FormulaFailedException(String message) {
        super(message);
    }
}
