// SPDX-License-Identifier: Apache-2.0

/**
 * The wave equation u_tt − div(c² ∇u) = 0 on the unit square, by P1 finite elements with lumped
 * mass and central differences, and {@code wave-source}, the data set that is generated from it.
 * All loops run in a fixed order, so a sample has the same bits wherever and however often it is
 * made.
 */
@NullMarked
package dev.espalier.trainer.domain.wave;

import org.jspecify.annotations.NullMarked;
