// SPDX-License-Identifier: Apache-2.0
/** Commands about data sets. */
@NullMarked
package dev.espalier.cli.command.data;

import org.jspecify.annotations.NullMarked;
