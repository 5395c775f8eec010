// SPDX-License-Identifier: Apache-2.0
/** The runs of one trainer: their turns, their states, and what they report. */
@NullMarked
package dev.espalier.trainer.application.run;

import org.jspecify.annotations.NullMarked;
