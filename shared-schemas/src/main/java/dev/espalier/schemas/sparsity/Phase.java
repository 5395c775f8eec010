// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a run stands, by the course of its PQ Index (Diao et al., ICLR 2023, section 3.2). */
public enum Phase {
    /** PQI falls: pruning regularises. */
    @JsonProperty("regularisation")
    REGULARISATION,
    /** PQI rises: what is left is being compressed. */
    @JsonProperty("compression")
    COMPRESSION,
    /** PQI falls from its height: the network breaks down. */
    @JsonProperty("collapse")
    COLLAPSE;

    /** How the phase is written in JSON. */
    public String label() {
        return switch (this) {
            case REGULARISATION -> "regularisation";
            case COMPRESSION -> "compression";
            case COLLAPSE -> "collapse";
        };
    }
}
