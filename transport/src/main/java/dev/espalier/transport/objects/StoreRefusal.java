// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import java.io.Serial;

/** The store has answered, but not with what was asked for. */
final class StoreRefusal extends Exception {

    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int PRECONDITION_FAILED = 412;
    static final int RANGE_NOT_SATISFIABLE = 416;

    @Serial private static final long serialVersionUID = 1;

    private final int status;
    private final StoreUnavailableException unavailable;

    /**
     * @param unavailable for those to whom this answer is of no use
     */
    StoreRefusal(int status, StoreUnavailableException unavailable) {
        super(unavailable);
        this.status = status;
        this.unavailable = unavailable;
    }

    boolean isNotFound() {
        return status == NOT_FOUND;
    }

    boolean isConflict() {
        return status == CONFLICT;
    }

    boolean isPreconditionFailed() {
        return status == PRECONDITION_FAILED;
    }

    StoreUnavailableException unavailable() {
        return unavailable;
    }

    <T> T orEmpty(T empty) {
        if (isNotFound()) {
            return empty;
        }
        throw unavailable;
    }
}
