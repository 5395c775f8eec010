// SPDX-License-Identifier: Apache-2.0
/** Tells the platform whether the trainer works. */
@NullMarked
package dev.espalier.trainer.adapter.health;

import org.jspecify.annotations.NullMarked;
