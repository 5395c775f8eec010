// SPDX-License-Identifier: Apache-2.0
/** Commands that measure and decide without a running stack. */
@NullMarked
package dev.espalier.cli.command.offline;

import org.jspecify.annotations.NullMarked;
