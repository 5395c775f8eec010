// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.RunSpecification;
import java.time.Instant;
import java.util.Locale;

/**
 * What should be. The last event of a run id holds; its specification never changes.
 *
 * @param desired what the user wants of the run
 * @param requestedAt when the user asked for it; tells two requests of one state apart
 */
public record RunRequested(
        RunId runId,
        @JsonProperty("state") DesiredState desired,
        RunSpecification specification,
        Instant requestedAt)
        implements Event {

    public RunRequested {
        if (runId.value().equals(PolicySelected.DEFAULT_TARGET)) {
            throw new IllegalArgumentException(
                    "no run can be named 'default': a policy of that target is every run's");
        }
    }

    @Override
    public String eventId() {
        return "%s/requested-%s-%d"
                .formatted(
                        runId, desired.name().toLowerCase(Locale.ROOT), requestedAt.toEpochMilli());
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
