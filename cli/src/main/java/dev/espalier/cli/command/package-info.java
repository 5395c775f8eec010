// SPDX-License-Identifier: Apache-2.0
/** One class per command: its options, and the order of its steps. */
@NullMarked
package dev.espalier.cli.command;

import org.jspecify.annotations.NullMarked;
