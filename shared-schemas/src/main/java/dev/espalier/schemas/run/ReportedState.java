// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a run is. The last three are final. */
public enum ReportedState {
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("paused")
    PAUSED,
    @JsonProperty("completed")
    COMPLETED,
    @JsonProperty("stopped")
    STOPPED,
    @JsonProperty("failed")
    FAILED;

    public boolean isFinal() {
        return switch (this) {
            case PENDING, RUNNING, PAUSED -> false;
            case COMPLETED, STOPPED, FAILED -> true;
        };
    }
}
