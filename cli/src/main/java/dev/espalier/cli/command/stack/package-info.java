// SPDX-License-Identifier: Apache-2.0
/** Commands that start the services on this machine. */
@NullMarked
package dev.espalier.cli.command.stack;

import org.jspecify.annotations.NullMarked;
