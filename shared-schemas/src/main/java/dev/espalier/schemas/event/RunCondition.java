// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the controller knows about a run that its trainer does not report. Readers combine it with
 * the last {@link RunStatus}.
 *
 * @param condition the last event of a run id is valid
 * @param since when the condition began
 * @param reason why; absent only with clear
 * @param iteration the iteration that is held up; absent with stopped
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunCondition(
        RunId runId,
        Condition condition,
        Instant since,
        @Nullable Reason reason,
        @Nullable Integer iteration)
        implements RunEvent {

    /** A closed list. */
    public enum Condition {
        /** An unexpected failure prevents a decision. A person has to act; the run is not over. */
        @JsonProperty("held-up")
        HELD_UP,
        /** The run is over: its trainer has not confirmed a stop, or the stop was forced. */
        @JsonProperty("stopped")
        STOPPED,
        /** Nothing to report: the cause of the last condition is over. */
        @JsonProperty("clear")
        CLEAR;

        /** How the condition is written in JSON. */
        public String label() {
            return switch (this) {
                case HELD_UP -> "held-up";
                case STOPPED -> "stopped";
                case CLEAR -> "clear";
            };
        }
    }

    public RunCondition {
        if (reason == null && condition != Condition.CLEAR) {
            throw new IllegalArgumentException(
                    "a run that is %s has a reason: reason is missing"
                            .formatted(condition.label()));
        }
        if (iteration != null) {
            IterationEvent.requireValid(iteration);
        }
    }

    public static RunCondition heldUp(RunId runId, int iteration, Instant since, Reason reason) {
        return new RunCondition(runId, Condition.HELD_UP, since, reason, iteration);
    }

    public static RunCondition stopped(RunId runId, Instant since, Reason reason) {
        return new RunCondition(runId, Condition.STOPPED, since, reason, null);
    }

    public static RunCondition clear(RunId runId, Instant since) {
        return new RunCondition(runId, Condition.CLEAR, since, null, null);
    }

    @Override
    public String eventId() {
        return "%s/condition-%s-%d".formatted(runId, condition.label(), since.toEpochMilli());
    }
}
