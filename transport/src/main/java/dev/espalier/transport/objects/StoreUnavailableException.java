// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ForeignText;
import java.io.Serial;

/** The store does not answer, or not as it should. Trying again later may help. */
public final class StoreUnavailableException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public StoreUnavailableException(String message, Throwable cause) {
        super(ForeignText.reason(message), cause);
    }
}
