// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.RunSpecification;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The specification and the desired state of a run. The last event of a run id is valid; its
 * specification never changes.
 *
 * @param desired what the user wants of the run
 * @param requestedAt when the user requested it; distinguishes two requests of one state
 * @param force with the state stopped: the run is over at once, whether its trainer confirms it or
 *     not; absent means false
 */
public record RunRequested(
        RunId runId,
        @JsonProperty("state") DesiredState desired,
        RunSpecification specification,
        Instant requestedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean force)
        implements RunEvent {

    public RunRequested {
        if (runId.value().equals(PolicySelected.DEFAULT_TARGET)) {
            throw new IllegalArgumentException(
                    "a run cannot be named 'default': it is the target of the policy of every run");
        }
        if (force != null && force && desired != DesiredState.STOPPED) {
            throw new IllegalArgumentException(
                    "force is true and state is %s: force belongs to stopped"
                            .formatted(desired.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Without force. */
    public RunRequested(
            RunId runId,
            DesiredState desired,
            RunSpecification specification,
            Instant requestedAt) {
        this(runId, desired, specification, requestedAt, null);
    }

    /** True if the run is over at once, without an answer of its trainer. */
    @JsonIgnore
    public boolean isForced() {
        return force != null && force;
    }

    @Override
    public String eventId() {
        return "%s/requested-%s-%d"
                .formatted(
                        runId, desired.name().toLowerCase(Locale.ROOT), requestedAt.toEpochMilli());
    }
}
