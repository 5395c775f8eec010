// SPDX-License-Identifier: Apache-2.0
/**
 * Decides again what was decided, by the same classes: the store is the real one, but the entry in
 * question is hidden and nothing is written.
 */
@NullMarked
package dev.espalier.controller.application.replay;

import org.jspecify.annotations.NullMarked;
