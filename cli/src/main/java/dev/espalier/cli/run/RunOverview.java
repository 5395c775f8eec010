// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.cli.connect.LoopView;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run among others.
 *
 * @param status what it is
 * @param desired what it should be
 * @param iteration in work, or last worked on
 * @param iterations N; null where nobody knows
 * @param imagesPerSecond of training; null while none goes on
 * @param remaining after the last decision before this one, from 0 to 1; null before the first
 * @param reason why it is what it is
 */
public record RunOverview(
        RunId runId,
        String status,
        DesiredState desired,
        int iteration,
        @Nullable Integer iterations,
        @Nullable Double progress,
        @Nullable Double etaSeconds,
        @Nullable Double imagesPerSecond,
        @Nullable Double remaining,
        @Nullable Double pqi,
        @Nullable Double accuracy,
        TrainerKind trainer,
        @Nullable String model,
        @Nullable String dataset,
        Instant requestedAt,
        @Nullable Instant updatedAt,
        @Nullable String reason) {

    public static RunOverview of(LoopView view, RunRequested request) {
        RunSpecification specification = request.specification();
        KnownState state = KnownState.of(view, request);
        @Nullable RunStatus status = view.status(request.runId()).orElse(null);
        List<PruningDecided> decisions = view.decisions(request.runId());
        @Nullable IterationRow last =
                decisions.isEmpty() ? null : IterationRow.of(decisions.getLast());
        return new RunOverview(
                request.runId(),
                state.label(),
                request.desired(),
                Math.max(
                        status == null ? 0 : status.iteration(),
                        last == null ? 0 : last.iteration()),
                status != null && status.iterations() != null
                        ? status.iterations()
                        : specification.iterations(),
                status == null ? null : status.progress(),
                status == null ? null : status.etaSeconds(),
                status == null ? null : status.imagesPerSecond(),
                last == null ? null : last.remaining(),
                last == null ? null : last.pqi(),
                last == null ? null : last.accuracy(),
                specification.trainer(),
                specification.model(),
                specification.dataset() == null ? null : specification.dataset().name(),
                request.requestedAt(),
                status == null ? null : status.updatedAt(),
                state.reason());
    }
}
