// SPDX-License-Identifier: Apache-2.0

/**
 * Randomness that is a function of its seed alone: the same bits on every machine and in every
 * release of the JDK.
 */
@NullMarked
package dev.espalier.trainer.domain.random;

import org.jspecify.annotations.NullMarked;
