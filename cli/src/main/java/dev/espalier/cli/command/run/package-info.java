// SPDX-License-Identifier: Apache-2.0
/** Commands about runs: start, follow, list, show, stop. */
@NullMarked
package dev.espalier.cli.command.run;

import org.jspecify.annotations.NullMarked;
