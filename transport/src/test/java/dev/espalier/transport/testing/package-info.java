// SPDX-License-Identifier: Apache-2.0
/** Doubles of the clock and the broker. */
@NullMarked
package dev.espalier.transport.testing;

import org.jspecify.annotations.NullMarked;
