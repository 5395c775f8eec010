// SPDX-License-Identifier: Apache-2.0
/** Counters and timers under their Prometheus names. */
@NullMarked
package dev.espalier.pqi.adapter.meters;

import org.jspecify.annotations.NullMarked;
