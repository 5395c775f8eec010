// SPDX-License-Identifier: Apache-2.0
/** Services as processes of this machine: start, log, supervise, stop. */
@NullMarked
package dev.espalier.local.process;

import org.jspecify.annotations.NullMarked;
