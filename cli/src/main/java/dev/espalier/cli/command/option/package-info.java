// SPDX-License-Identifier: Apache-2.0
/** Options that several commands share, and how their values are read. */
@NullMarked
package dev.espalier.cli.command.option;

import org.jspecify.annotations.NullMarked;
