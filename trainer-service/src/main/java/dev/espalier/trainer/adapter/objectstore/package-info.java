// SPDX-License-Identifier: Apache-2.0

/** Weights, masks and checkpoints in the object store. */
@NullMarked
package dev.espalier.trainer.adapter.objectstore;

import org.jspecify.annotations.NullMarked;
