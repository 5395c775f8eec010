// SPDX-License-Identifier: Apache-2.0
/** How much pruning may cost, and what was seen of it. */
@NullMarked
package dev.espalier.controller.domain.guard;

import org.jspecify.annotations.NullMarked;
