// SPDX-License-Identifier: Apache-2.0
/** One iteration of a run: from its first weights to its checkpoint. */
@NullMarked
package dev.espalier.trainer.application.iteration;

import org.jspecify.annotations.NullMarked;
