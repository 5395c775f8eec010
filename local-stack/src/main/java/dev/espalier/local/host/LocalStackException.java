// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.host;

import org.jspecify.annotations.Nullable;

/** The local stack cannot start or go on. The message is written for the user. */
public class LocalStackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LocalStackException(String message) {
        super(message);
    }

    public LocalStackException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
