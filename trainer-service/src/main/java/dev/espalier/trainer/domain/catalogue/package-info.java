// SPDX-License-Identifier: Apache-2.0

/** Every data set by its name. */
@NullMarked
package dev.espalier.trainer.domain.catalogue;

import org.jspecify.annotations.NullMarked;
