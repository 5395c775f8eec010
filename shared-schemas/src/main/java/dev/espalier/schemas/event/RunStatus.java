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
 * What a run is doing, as its trainer says.
 *
 * @param iteration in work, or last worked on
 * @param iterations N, where it is known
 * @param progress of the whole run, from 0 to 1
 * @param etaSeconds estimated time left; absent where nothing can be said yet
 * @param imagesPerSecond of training, evaluation included, over the last seconds in which it went
 *     on; absent before that and at the end
 * @param reason why the state is what it is; always there when it is failed
 * @param metrics the latest known
 * @param updatedAt when this was said
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
        implements Event {

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

    @Override
    public String subject() {
        return "runs/" + runId;
    }

    @Override
    public String key() {
        return runId.value();
    }
}
