// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.schemas.event.PruningDecided;
import org.jspecify.annotations.Nullable;

/**
 * What came of a message.
 *
 * @param decision that holds, and was announced
 * @param first whether this message led to it; else it was there
 * @param deadLetter why the message belongs to the dead letters all the same; null if it does not
 */
public record Decided(PruningDecided decision, boolean first, @Nullable String deadLetter) {}
