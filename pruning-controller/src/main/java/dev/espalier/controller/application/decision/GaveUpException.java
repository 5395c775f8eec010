// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import java.io.Serial;
import java.time.Duration;

/** Trying again did not help for as long as it may take. */
public final class GaveUpException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    GaveUpException(Duration after, Throwable last) {
        super("gave up after %s: %s".formatted(after, last.getMessage()), last);
    }
}
