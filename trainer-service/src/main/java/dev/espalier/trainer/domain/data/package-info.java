// SPDX-License-Identifier: Apache-2.0

/**
 * Labelled images in memory: the readers of the standard file formats, and what training asks of a
 * data set. Whatever is wrong with a file is said with its name, the offset and what was expected
 * there, before any training starts.
 */
@NullMarked
package dev.espalier.trainer.domain.data;

import org.jspecify.annotations.NullMarked;
