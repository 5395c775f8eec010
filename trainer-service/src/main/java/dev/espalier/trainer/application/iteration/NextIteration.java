// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.iteration;

import dev.espalier.schemas.ArtifactRef;
import org.jspecify.annotations.Nullable;

/**
 * What to train next.
 *
 * @param mask null where every weight is alive
 * @param previous w_{t−1}; null at iteration 0
 */
public record NextIteration(
        int number, @Nullable ArtifactRef mask, @Nullable ArtifactRef previous) {

    public static final NextIteration FIRST = new NextIteration(0, null, null);
}
