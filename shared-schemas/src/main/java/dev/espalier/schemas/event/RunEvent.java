// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.espalier.schemas.RunId;

/** An event about a whole run, on a compacted topic. */
public sealed interface RunEvent extends Event permits RunRequested, RunStatus, RunCondition {

    RunId runId();

    @Override
    @JsonIgnore
    default String subject() {
        return "runs/" + runId();
    }

    @Override
    @JsonIgnore
    default String key() {
        return runId().value();
    }
}
