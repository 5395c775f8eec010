// SPDX-License-Identifier: Apache-2.0

/** What a run may be, what it may become from there, and how far it is. */
@NullMarked
package dev.espalier.trainer.domain.lifecycle;

import org.jspecify.annotations.NullMarked;
