// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who trains: our trainer-service, or a program of the user's that speaks the protocol. */
public enum TrainerKind {
    @JsonProperty("espalier")
    ESPALIER,
    @JsonProperty("external")
    EXTERNAL
}
