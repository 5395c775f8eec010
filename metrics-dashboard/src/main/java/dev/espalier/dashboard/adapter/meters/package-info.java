// SPDX-License-Identifier: Apache-2.0
/** The run family of metrics, and counts of what the topics hold. */
@NullMarked
package dev.espalier.dashboard.adapter.meters;

import org.jspecify.annotations.NullMarked;
