// SPDX-License-Identifier: Apache-2.0

/**
 * Training one iteration under a mask: the recipe of arXiv 2302.05601, the order of the images, the
 * flat memory of all parameters and the fused step over it. Everything here is a function of the
 * run's seed, so an iteration that is repeated ends with the same bytes.
 */
@NullMarked
package dev.espalier.trainer.domain.training;

import org.jspecify.annotations.NullMarked;
