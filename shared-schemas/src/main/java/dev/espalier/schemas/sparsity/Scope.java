// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is one group: index, bound, count and ranking are all taken inside each group. */
public enum Scope {
    /** All weights together. */
    @JsonProperty("global")
    GLOBAL,
    /** One group per tensor. */
    @JsonProperty("layer")
    LAYER,
    /** One group per output unit or filter: a row of the weight viewed as (out, rest). */
    @JsonProperty("neuron")
    NEURON
}
