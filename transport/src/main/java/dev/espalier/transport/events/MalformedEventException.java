// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.schemas.ForeignText;
import java.io.Serial;

/**
 * A record that is not a valid event. It belongs in the dead-letter topic: reading it again will
 * not help.
 */
public final class MalformedEventException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public MalformedEventException(String message) {
        super(ForeignText.reason(message));
    }

    public MalformedEventException(String message, Throwable cause) {
        super(ForeignText.reason(message), cause);
    }
}
