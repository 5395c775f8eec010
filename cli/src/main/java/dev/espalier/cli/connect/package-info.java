// SPDX-License-Identifier: Apache-2.0
/**
 * The loop as seen from outside: where its broker is, what its topics say, and how to say something
 * to it.
 */
@NullMarked
package dev.espalier.cli.connect;

import org.jspecify.annotations.NullMarked;
