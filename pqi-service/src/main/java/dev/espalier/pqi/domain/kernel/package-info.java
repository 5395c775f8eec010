// SPDX-License-Identifier: Apache-2.0
/** Power sums of a run of weights: one contract, scalar and vector implementations. */
@NullMarked
package dev.espalier.pqi.domain.kernel;

import org.jspecify.annotations.NullMarked;
