// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.documents;

import dev.espalier.schemas.ForeignText;
import java.io.Serial;

/** A document that breaks its schema or its meaning. Reading it again will not help. */
public final class InvalidDocumentException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public InvalidDocumentException(String message) {
        super(ForeignText.reason(message));
    }

    public InvalidDocumentException(String message, Throwable cause) {
        super(ForeignText.reason(message), cause);
    }
}
