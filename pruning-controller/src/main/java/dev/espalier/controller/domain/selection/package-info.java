// SPDX-License-Identifier: Apache-2.0
/**
 * Exactly the c smallest weights of each group, in the order of (|w|, index): radix histograms over
 * the bits of |w|, streamed. No sort, no concatenation, memory that does not grow with the weights.
 */
@NullMarked
package dev.espalier.controller.domain.selection;

import org.jspecify.annotations.NullMarked;
