// SPDX-License-Identifier: Apache-2.0
/** Measures a large snapshot in ranges of bytes, and merges what the ranges found. */
@NullMarked
package dev.espalier.pqi.application.range;

import org.jspecify.annotations.NullMarked;
