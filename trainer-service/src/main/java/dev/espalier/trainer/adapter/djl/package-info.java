// SPDX-License-Identifier: Apache-2.0

/**
 * The only place that knows DJL and PyTorch. They give the forward and the backward pass over
 * memory that is ours; the optimiser, its state and the order of everything are not theirs.
 */
@NullMarked
package dev.espalier.trainer.adapter.djl;

import org.jspecify.annotations.NullMarked;
