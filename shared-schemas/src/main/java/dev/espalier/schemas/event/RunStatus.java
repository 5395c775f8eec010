// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.ReportedState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The state of a run, as its trainer reports it.
 *
 * @param iteration in progress, or the last one
 * @param iterations N, if it is known
 * @param progress of the whole run, from 0 to 1
 * @param etaSeconds estimated time left; absent if it is not known yet
 * @param imagesPerSecond of training, evaluation included, over the last seconds of training;
 *     absent before that and at the end
 * @param reason of the state; always present with failed
 * @param metrics the latest known
 * @param updatedAt when the trainer reported it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunStatus(
        RunId runId,
        ReportedState state,
        int iteration,
        @Nullable Integer iterations,
        double progress,
        @Nullable Double etaSeconds,
        @Nullable Double imagesPerSecond,
        @Nullable Reason reason,
        List<Metric> metrics,
        Instant updatedAt)
        implements RunEvent {

    public RunStatus {
        IterationEvent.requireValid(iteration);
        if (state == ReportedState.FAILED && reason == null) {
            throw new IllegalArgumentException("a run that failed says why: reason is missing");
        }
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
    }

    /** Without throughput. */
    public RunStatus(
            RunId runId,
            ReportedState state,
            int iteration,
            @Nullable Integer iterations,
            double progress,
            @Nullable Double etaSeconds,
            @Nullable Reason reason,
            List<Metric> metrics,
            Instant updatedAt) {
        this(
                runId,
                state,
                iteration,
                iterations,
                progress,
                etaSeconds,
                null,
                reason,
                metrics,
                updatedAt);
    }

    @Override
    public String eventId() {
        return "%s/%d/status-%s-%d"
                .formatted(
                        runId,
                        iteration,
                        state.name().toLowerCase(Locale.ROOT),
                        updatedAt.toEpochMilli());
    }
}
