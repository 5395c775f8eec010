// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import org.jspecify.annotations.Nullable;

/**
 * What state a run is in. Our trainer reports it; an external trainer need not, and then the
 * decisions tell.
 */
final class StateRule {

    private StateRule() {}

    static ReportedState state(
            @Nullable RunRequested request,
            @Nullable RunStatus status,
            @Nullable PruningDecided lastDecision,
            boolean started) {
        boolean ours = request != null && request.specification().trainer() == TrainerKind.ESPALIER;
        if (status != null && (ours || status.state().isFinal())) {
            return status.state();
        }
        if (ours) {
            return ReportedState.PENDING;
        }
        if (lastDecision != null && lastDecision.verdict() == Verdict.STOP) {
            return lastDecision.outcome() == Outcome.FAILED
                    ? ReportedState.FAILED
                    : ReportedState.COMPLETED;
        }
        if (status != null) {
            return status.state();
        }
        return wanted(request == null ? DesiredState.RUNNING : request.desired(), started);
    }

    private static ReportedState wanted(DesiredState desired, boolean started) {
        return switch (desired) {
            case RUNNING -> started ? ReportedState.RUNNING : ReportedState.PENDING;
            case PAUSED -> ReportedState.PAUSED;
            case STOPPED -> ReportedState.STOPPED;
        };
    }

    /** N: as reported, else as asked for, else as the policy of the request says. */
    static @Nullable Integer iterations(
            @Nullable RunSpecification specification, @Nullable RunStatus status) {
        if (status != null && status.iterations() != null) {
            return status.iterations();
        }
        if (specification == null) {
            return null;
        }
        if (specification.iterations() != null) {
            return specification.iterations();
        }
        return specification.policy() == null ? null : specification.policy().stop().iterations();
    }

    /**
     * 1 once completed; else as reported; else the part of the N + 1 trainings that is decided
     * upon.
     */
    static @Nullable Double progress(
            ReportedState state,
            @Nullable RunStatus status,
            @Nullable PruningDecided lastDecision,
            @Nullable Integer iterations) {
        if (state == ReportedState.COMPLETED) {
            return 1.0;
        }
        if (status != null) {
            return status.progress();
        }
        if (iterations == null) {
            return null;
        }
        int decided = lastDecision == null ? 0 : lastDecision.iteration() + 1;
        return Math.min(1.0, decided / (iterations + 1.0));
    }
}
