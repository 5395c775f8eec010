// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.testing;

import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import org.jspecify.annotations.Nullable;

/** Specifications of runs for tests. */
public final class Specifications {

    private Specifications() {}

    /**
     * A run of an external trainer.
     *
     * @param iterations N; null if the policy alone says when to stop
     * @param policy null for the default
     */
    public static RunSpecification external(@Nullable Integer iterations, @Nullable Policy policy) {
        return new RunSpecification(
                TrainerKind.EXTERNAL,
                null,
                null,
                TrainingSpec.DEFAULT,
                0,
                Rewind.INITIAL,
                iterations,
                NormPair.DEFAULTS,
                policy);
    }
}
