// SPDX-License-Identifier: Apache-2.0
/** Compares tiles of keys with bounds: one contract, a scalar and a vector implementation. */
@NullMarked
package dev.espalier.controller.domain.selection.kernel;

import org.jspecify.annotations.NullMarked;
