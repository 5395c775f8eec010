// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.trainer.application.TryLaterException;
import dev.espalier.trainer.domain.lifecycle.RunState;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * The state of a run, which follows the user's wish and what happens, and is told at every change.
 */
final class RunCondition {

    private static final Logger LOGGER = Logger.getLogger(RunCondition.class);

    private final RunId run;
    private StatusReporter report;
    private RunState state = new RunState.Pending();

    RunCondition(RunId run, StatusReporter report) {
        this.run = run;
        this.report = report;
    }

    /** Tells another way from here on. */
    void reportTo(StatusReporter other) {
        report = other;
    }

    StatusReporter report() {
        return report;
    }

    boolean isOver() {
        return state instanceof RunState.Over;
    }

    void say() {
        report.say(state);
    }

    RunState state() {
        return state;
    }

    /** Makes the state follow the user's wish. */
    void settle(DesiredState desired) {
        switch (state) {
            case RunState.Pending pending -> {
                switch (desired) {
                    case RUNNING -> {}
                    case PAUSED -> become(pending.pause(onRequest("Paused")));
                    case STOPPED -> become(pending.stop(onRequest("Stopped")));
                }
            }
            case RunState.Running running -> {
                switch (desired) {
                    case RUNNING -> {}
                    case PAUSED -> become(running.pause(onRequest("Paused")));
                    case STOPPED -> become(running.stop(onRequest("Stopped")));
                }
            }
            case RunState.Paused paused -> {
                switch (desired) {
                    case RUNNING -> {
                        report.restartPace();
                        become(paused.resume());
                    }
                    case PAUSED -> {}
                    case STOPPED -> become(paused.stop(onRequest("Stopped")));
                }
            }
            case RunState.Over _ -> {}
        }
    }

    private static Reason onRequest(String what) {
        return new Reason("requested", what + " on request");
    }

    void begin() {
        if (state instanceof RunState.Pending pending) {
            become(pending.start());
        }
    }

    /** Obeys a decision to stop. */
    void stop(PruningDecided decision) {
        if (state instanceof RunState.Active active) {
            become(
                    decision.outcome() == Outcome.FAILED
                            ? active.fail(decision.reason())
                            : active.complete(decision.reason()));
        }
    }

    void fail(Reason reason) {
        if (state instanceof RunState.Active active) {
            become(active.fail(reason));
        }
    }

    /** Something is away that will come back. */
    void heldUp(TryLaterException e) {
        LOGGER.warnf("Run %s: will be tried again: %s", run, e.getMessage());
        Reason trouble = new Reason("waiting-for-infrastructure", String.valueOf(e.getMessage()));
        switch (state) {
            case RunState.Running running -> become(running.heldUp(trouble));
            case RunState.Pending pending -> report.say(pending, trouble);
            case RunState.Paused _, RunState.Over _ -> {}
        }
    }

    void recover() {
        if (state instanceof RunState.Running running && running.trouble() != null) {
            become(running.recovered());
        }
    }

    /** Another specification came under the name of this run. */
    void refuse() {
        LOGGER.warnf("Run %s exists with another specification; the first one goes on", run);
        report.say(
                state,
                new Reason(
                        "specification-refused",
                        "Run %s exists with another specification, which goes on\nMaybe choose another run id."
                                .formatted(run)));
    }

    private void become(RunState next) {
        if (next.equals(state)) {
            return;
        }
        state = next;
        say();
        if (isOver()) {
            Reason reason = Objects.requireNonNull(state.reason(), "a run that is over says why");
            LOGGER.infof("Run %s is %s: %s", run, state.reported(), reason.message());
        }
    }
}
