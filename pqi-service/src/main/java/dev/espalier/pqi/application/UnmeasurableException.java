// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import java.io.Serial;

/** A range of the snapshot cannot be summed, as its stored part says. */
public final class UnmeasurableException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public UnmeasurableException(String message) {
        super(message);
    }
}
