// SPDX-License-Identifier: Apache-2.0
/**
 * Meters that several services share, under the names of {@code docs/metrics.md}. A service that
 * uses them provides the Micrometer registry; other users of this module need no Micrometer.
 */
@NullMarked
package dev.espalier.transport.meters;

import org.jspecify.annotations.NullMarked;
