// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import java.io.Serial;

/**
 * A record cannot be published, and a retry does not help: it is too large, or cannot be
 * serialised. An outage of the broker is never this exception.
 */
public final class PublishingException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public PublishingException(String message, Throwable cause) {
        super(message, cause);
    }
}
