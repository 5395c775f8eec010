// SPDX-License-Identifier: Apache-2.0
/** Policies that are asked and never obeyed. */
@NullMarked
package dev.espalier.controller.domain.shadow;

import org.jspecify.annotations.NullMarked;
