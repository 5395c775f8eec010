// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where training starts from after a mask was applied. */
public enum Rewind {
    /** From w_init under the new mask, as in Algorithm 1 of the paper. */
    @JsonProperty("initial")
    INITIAL,
    /** From w_t under the new mask. */
    @JsonProperty("none")
    NONE
}
