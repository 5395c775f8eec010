// SPDX-License-Identifier: Apache-2.0
/**
 * The local stack and the four services in the foreground, supervised, and the file by which other
 * terminals find them.
 */
@NullMarked
package dev.espalier.cli.stack;

import org.jspecify.annotations.NullMarked;
