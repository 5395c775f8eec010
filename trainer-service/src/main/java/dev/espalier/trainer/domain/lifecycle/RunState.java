// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.lifecycle;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.run.ReportedState;
import org.jspecify.annotations.Nullable;

/**
 * The life cycle of a run. A transition is a method of the states that allow it, so an illegal one
 * does not compile.
 *
 * <pre>
 * Pending ──► Running ◄──► Paused
 *    │           │            │
 *    └───────────┴─────┬──────┘
 *                      ▼
 *       Completed, Stopped or Failed
 * </pre>
 */
public sealed interface RunState {

    /** What the rest of the system is told. */
    ReportedState reported();

    /** Why it is so, where there is more to say than the state. */
    @Nullable Reason reason();

    /** A run that can still do something. */
    sealed interface Active extends RunState {

        /** The decision says that all is done. */
        default Completed complete(Reason reason) {
            return new Completed(reason);
        }

        /** The user wants no more of it. */
        default Stopped stop(Reason reason) {
            return new Stopped(reason);
        }

        /** It cannot go on, ever. */
        default Failed fail(Reason reason) {
            return new Failed(reason);
        }
    }

    /** A run that is over. Nothing leads out of it. */
    sealed interface Over extends RunState {}

    /** Accepted; its first training has not begun. */
    record Pending() implements Active {

        @Override
        public ReportedState reported() {
            return ReportedState.PENDING;
        }

        @Override
        public @Nullable Reason reason() {
            return null;
        }

        public Running start() {
            return new Running(null);
        }

        public Paused pause(Reason reason) {
            return new Paused(reason);
        }
    }

    /**
     * In work, or waiting for its turn or its decision.
     *
     * @param trouble what holds it up at the moment, and will be tried again
     */
    record Running(@Nullable Reason trouble) implements Active {

        @Override
        public ReportedState reported() {
            return ReportedState.RUNNING;
        }

        @Override
        public @Nullable Reason reason() {
            return trouble;
        }

        /** Something is away that will come back. */
        public Running heldUp(Reason by) {
            return new Running(by);
        }

        /** It is back. */
        public Running recovered() {
            return new Running(null);
        }

        public Paused pause(Reason why) {
            return new Paused(why);
        }
    }

    /** Set aside by the user. */
    record Paused(Reason reason) implements Active {

        @Override
        public ReportedState reported() {
            return ReportedState.PAUSED;
        }

        public Running resume() {
            return new Running(null);
        }
    }

    /** Ended as its policy wanted. */
    record Completed(Reason reason) implements Over {

        @Override
        public ReportedState reported() {
            return ReportedState.COMPLETED;
        }
    }

    /** Ended by the user. */
    record Stopped(Reason reason) implements Over {

        @Override
        public ReportedState reported() {
            return ReportedState.STOPPED;
        }
    }

    /** Ended because it could not go on. */
    record Failed(Reason reason) implements Over {

        @Override
        public ReportedState reported() {
            return ReportedState.FAILED;
        }
    }
}
