// SPDX-License-Identifier: Apache-2.0
/** Snapshots and a store in memory, for the tests of this module. */
@NullMarked
package dev.espalier.pqi.testing;

import org.jspecify.annotations.NullMarked;
