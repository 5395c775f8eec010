// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

/** Something outside does not answer at the moment; the same call may succeed later. */
public final class TryLaterException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TryLaterException(String message) {
        super(message);
    }

    public TryLaterException(String message, Throwable cause) {
        super(message, cause);
    }
}
