// SPDX-License-Identifier: Apache-2.0
/** Ports, locks and failures of the machine on which a local stack runs. */
@NullMarked
package dev.espalier.local.host;

import org.jspecify.annotations.NullMarked;
