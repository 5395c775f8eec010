// SPDX-License-Identifier: Apache-2.0
/** The PQ Index, computed from power sums, and the measurement document that holds them. */
@NullMarked
package dev.espalier.schemas.sparsity;

import org.jspecify.annotations.NullMarked;
