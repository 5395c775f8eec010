// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.failure;

import dev.espalier.schemas.ForeignText;
import dev.espalier.schemas.Reason;
import dev.espalier.transport.health.Dependency;

/** Why a record could not be processed. The class decides what is done. */
public sealed interface Failure {

    /** What to tell people: at most 1 KiB. */
    String message();

    /** What to tell programs: lower-case words joined by hyphens. */
    String code();

    /**
     * Infrastructure does not work for now. Wait without limit, be not ready, say for what. Never a
     * dead-letter record, never the end of a run.
     *
     * @param dependency to wait for
     */
    record Transient(Dependency dependency, String message) implements Failure {
        public Transient {
            message = ForeignText.reason(message);
        }

        @Override
        public String code() {
            return "unavailable";
        }
    }

    /** The run fails with a reason. */
    sealed interface AboutTheRun extends Failure {

        Reason reason();

        @Override
        default String message() {
            return reason().message();
        }

        @Override
        default String code() {
            return reason().code();
        }
    }

    /** The bytes of an artefact are wrong. The run fails with this reason. */
    record AboutTheBytes(Reason reason) implements AboutTheRun {}

    /** The trainer broke a rule of the protocol. The run fails with this reason. */
    record AboutTheTrainer(Reason reason) implements AboutTheRun {}

    /** The record is malformed. It goes to the dead-letter topic at once. */
    record AboutTheEvent(String message) implements Failure {
        public AboutTheEvent {
            message = ForeignText.reason(message);
        }

        @Override
        public String code() {
            return "event-invalid";
        }
    }

    /**
     * Any other error. Retry a few times, then write a dead-letter record; the run is held up,
     * other runs continue.
     */
    record Unexpected(Throwable cause) implements Failure {
        @Override
        public String message() {
            String text = cause.getMessage();
            return ForeignText.reason(
                    text == null || text.isBlank()
                            ? "unexpected error: " + cause.getClass().getSimpleName()
                            : text);
        }

        @Override
        public String code() {
            return "internal-error";
        }
    }
}
