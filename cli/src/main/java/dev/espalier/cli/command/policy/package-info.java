// SPDX-License-Identifier: Apache-2.0
/** Commands about policies. */
@NullMarked
package dev.espalier.cli.command.policy;

import org.jspecify.annotations.NullMarked;
