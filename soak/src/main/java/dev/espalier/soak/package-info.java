// SPDX-License-Identifier: Apache-2.0
/**
 * Drives the packaged stack as users do, through {@code espalier up} and the topics alone: forty
 * runs beside misfit events and killed processes, and the latency of the loop.
 */
@NullMarked
package dev.espalier.soak;

import org.jspecify.annotations.NullMarked;
