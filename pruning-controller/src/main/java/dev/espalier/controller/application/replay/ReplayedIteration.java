// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.replay;

import dev.espalier.schemas.event.PruningDecided;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One iteration, decided again.
 *
 * @param recorded what the register says
 * @param again what comes out now
 * @param differences what is not as recorded, for people; empty where all bytes are the same
 * @param collected what the run no longer keeps, without which nothing can be decided again: then
 *     {@code again} is what is recorded; null where all is there
 */
public record ReplayedIteration(
        PruningDecided recorded,
        PruningDecided again,
        List<String> differences,
        @Nullable String collected) {

    public ReplayedIteration {
        differences = List.copyOf(differences);
    }

    /** Whether decision and mask are the same, byte for byte. */
    public boolean isIdentical() {
        return collected == null && differences.isEmpty();
    }
}
