// SPDX-License-Identifier: Apache-2.0
/** Expressions of policies in CEL, the Common Expression Language (cel.dev). */
@NullMarked
package dev.espalier.controller.adapter.cel;

import org.jspecify.annotations.NullMarked;
