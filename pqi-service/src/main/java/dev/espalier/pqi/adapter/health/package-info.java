// SPDX-License-Identifier: Apache-2.0
/** What readiness depends on. */
@NullMarked
package dev.espalier.pqi.adapter.health;

import org.jspecify.annotations.NullMarked;
