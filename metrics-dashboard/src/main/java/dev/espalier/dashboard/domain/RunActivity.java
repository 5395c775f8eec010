// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where in the loop a run is, as far as the events tell. */
public enum RunActivity {
    /** No weights of the current iteration yet. */
    @JsonProperty("training")
    TRAINING,
    /** The weights are stored; their measurement is awaited. */
    @JsonProperty("measuring")
    MEASURING,
    /** The measurement is there; the decision is awaited. */
    @JsonProperty("deciding")
    DECIDING
}
