// SPDX-License-Identifier: Apache-2.0
/** The health of the dashboard. */
@NullMarked
package dev.espalier.dashboard.adapter.health;

import org.jspecify.annotations.NullMarked;
