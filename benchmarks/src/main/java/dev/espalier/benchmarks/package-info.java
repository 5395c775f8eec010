// SPDX-License-Identifier: Apache-2.0
/**
 * How fast measuring is, as ratios: everything is compared with a plain read of the same bytes, and
 * with Python where there is one, in turns within one run.
 */
@NullMarked
package dev.espalier.benchmarks;

import org.jspecify.annotations.NullMarked;
