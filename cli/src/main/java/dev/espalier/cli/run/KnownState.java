// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.cli.connect.LoopView;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run is, from what its trainer reports and from what was decided: an external trainer need
 * not report at all.
 *
 * @param reason why, where somebody said so
 */
public record KnownState(ReportedState state, @Nullable String reason) {

    public static KnownState of(LoopView view, RunRequested request) {
        RunId run = request.runId();
        Optional<RunStatus> status = view.status(run);
        List<PruningDecided> decisions = view.decisions(run);
        @Nullable PruningDecided last = decisions.isEmpty() ? null : decisions.getLast();
        @Nullable String stopReason =
                last == null || last.outcome() == null ? null : last.reason().message();
        if (status.isPresent() && status.get().state().isFinal()) {
            KnownState reported = of(status.get());
            return reported.reason() == null
                    ? new KnownState(reported.state(), stopReason)
                    : reported;
        }
        if (last != null && last.outcome() != null) {
            return new KnownState(state(last.outcome()), stopReason);
        }
        if (status.isPresent()) {
            return of(status.get());
        }
        if (request.specification().trainer() == TrainerKind.EXTERNAL) {
            return new KnownState(desired(request.desired(), last != null), null);
        }
        return new KnownState(ReportedState.PENDING, null);
    }

    private static KnownState of(RunStatus status) {
        return new KnownState(
                status.state(), status.reason() == null ? null : status.reason().message());
    }

    static ReportedState state(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED -> ReportedState.COMPLETED;
            case FAILED -> ReportedState.FAILED;
        };
    }

    private static ReportedState desired(DesiredState desired, boolean begun) {
        return switch (desired) {
            case RUNNING -> begun ? ReportedState.RUNNING : ReportedState.PENDING;
            case PAUSED -> ReportedState.PAUSED;
            case STOPPED -> ReportedState.STOPPED;
        };
    }

    /** As it is written in JSON. */
    public String label() {
        return label(state);
    }

    static String label(ReportedState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
