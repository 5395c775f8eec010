// SPDX-License-Identifier: Apache-2.0
/** A snapshot under its mask: which tensors can be pruned, and how many weights are active. */
@NullMarked
package dev.espalier.controller.domain.weights;

import org.jspecify.annotations.NullMarked;
