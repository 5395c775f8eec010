// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import java.io.Serial;

/** An event could not be published. Whether it was is not known. */
public final class PublishingException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public PublishingException(String message, Throwable cause) {
        super(message, cause);
    }
}
