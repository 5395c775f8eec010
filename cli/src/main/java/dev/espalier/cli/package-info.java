// SPDX-License-Identifier: Apache-2.0
/** The program {@code espalier}: its entry, its exit codes, and how its errors are told. */
@NullMarked
package dev.espalier.cli;

import org.jspecify.annotations.NullMarked;
