// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the trainer has to do next. */
public enum Verdict {
    /** Apply the new mask and train iteration t + 1. */
    @JsonProperty("prune")
    PRUNE,
    /** Train iteration t + 1 under the same mask. */
    @JsonProperty("keep")
    KEEP,
    /** Go back to the mask named and train iteration t + 1 under it. */
    @JsonProperty("roll-back")
    ROLL_BACK,
    /** The run is over. */
    @JsonProperty("stop")
    STOP;

    /** How the verdict is written in JSON. */
    public String label() {
        return switch (this) {
            case PRUNE -> "prune";
            case KEEP -> "keep";
            case ROLL_BACK -> "roll-back";
            case STOP -> "stop";
        };
    }
}
