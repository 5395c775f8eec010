// SPDX-License-Identifier: Apache-2.0

/**
 * The networks: which parameters they have, under the names that a PyTorch user expects, and how
 * these are first drawn. What a network computes is the engine's business.
 */
@NullMarked
package dev.espalier.trainer.domain.model;

import org.jspecify.annotations.NullMarked;
