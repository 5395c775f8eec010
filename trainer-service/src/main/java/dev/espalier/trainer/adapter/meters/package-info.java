// SPDX-License-Identifier: Apache-2.0

/** Meters for Prometheus, and the health of the training thread. */
@NullMarked
package dev.espalier.trainer.adapter.meters;

import org.jspecify.annotations.NullMarked;
