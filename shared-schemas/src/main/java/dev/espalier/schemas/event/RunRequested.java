// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.RunSpecification;
import java.util.Locale;

/** What should be. The last event of a run id holds; its specification never changes. */
public record RunRequested(
        RunId runId, @JsonProperty("state") DesiredState desired, RunSpecification specification)
        implements Event {

    @Override
    public String eventId() {
        return runId + "/requested-" + desired.name().toLowerCase(Locale.ROOT);
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
