// SPDX-License-Identifier: Apache-2.0
/** Snapshots, stores and clocks for tests. */
@NullMarked
package dev.espalier.controller.testing;

import org.jspecify.annotations.NullMarked;
