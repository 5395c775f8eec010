// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.Reason;

/** A run cannot go on, however often it is tried. */
public final class RunFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String code;

    /**
     * @param code as in {@link Reason}
     */
    public RunFailedException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Reason reason() {
        return new Reason(code, String.valueOf(getMessage()));
    }
}
