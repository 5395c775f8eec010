// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** A data set that cannot be trained on, however often one tries; the message is for the user. */
public final class UnusableDataException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnusableDataException(String message) {
        super(message);
    }

    public UnusableDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
