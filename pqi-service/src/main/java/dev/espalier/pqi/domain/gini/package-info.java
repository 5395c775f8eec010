// SPDX-License-Identifier: Apache-2.0
/** Counts magnitudes in bins, from which the Gini index is computed. */
@NullMarked
package dev.espalier.pqi.domain.gini;

import org.jspecify.annotations.NullMarked;
