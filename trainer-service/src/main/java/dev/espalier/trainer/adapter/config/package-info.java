// SPDX-License-Identifier: Apache-2.0

/** What an operator sets, and the wiring of the application from its ports. */
@NullMarked
package dev.espalier.trainer.adapter.config;

import org.jspecify.annotations.NullMarked;
