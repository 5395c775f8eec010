// SPDX-License-Identifier: Apache-2.0
/** The invariants, as questions to what is left in topics and store. */
@NullMarked
package dev.espalier.simulation.check;

import org.jspecify.annotations.NullMarked;
