// SPDX-License-Identifier: Apache-2.0
/**
 * Measuring: the power sums of every tensor and row of a snapshot, in one pass and in an order that
 * is part of the result. Needs the JDK and shared-schemas only; the command line uses it too.
 */
@NullMarked
package dev.espalier.pqi.domain;

import org.jspecify.annotations.NullMarked;
