// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import java.io.Serial;

/** A valid policy that asks for what this snapshot does not have. Another policy may do. */
public final class PolicyNotApplicableException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public PolicyNotApplicableException(String message) {
        super(message);
    }
}
