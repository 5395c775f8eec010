// SPDX-License-Identifier: Apache-2.0
/**
 * The clock of every service. Code that waits or measures time takes a {@code Time}, so that the
 * simulation can run the same code at virtual time.
 */
@NullMarked
package dev.espalier.transport.time;

import org.jspecify.annotations.NullMarked;
