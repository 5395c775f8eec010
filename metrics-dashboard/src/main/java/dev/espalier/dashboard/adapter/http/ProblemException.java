// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import java.io.Serial;

/** Ends a request with a problem document. */
final class ProblemException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final ProblemCode code;

    ProblemException(ProblemCode code, String detail) {
        super(detail);
        this.code = code;
    }

    Problem problem() {
        return Problem.of(code, String.valueOf(getMessage()));
    }
}
