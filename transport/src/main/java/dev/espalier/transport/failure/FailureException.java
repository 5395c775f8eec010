// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.failure;

import dev.espalier.schemas.Reason;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose class is known where it is found. {@link Failures#classify} returns the class.
 */
public final class FailureException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final transient Failure failure;

    public FailureException(Failure failure) {
        this(failure, null);
    }

    public FailureException(Failure failure, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    /** The bytes of an artefact are wrong. */
    public static FailureException aboutTheBytes(String code, String message) {
        return new FailureException(new Failure.AboutTheBytes(Reason.of(code, message)));
    }

    /** The trainer broke a rule of the protocol. */
    public static FailureException aboutTheTrainer(String code, String message) {
        return new FailureException(new Failure.AboutTheTrainer(Reason.of(code, message)));
    }

    /** The record is of no use, and the run does not depend on it. */
    public static FailureException aboutTheEvent(String message) {
        return new FailureException(new Failure.AboutTheEvent(message));
    }

    public Failure failure() {
        return failure;
    }
}
