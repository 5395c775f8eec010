// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunLength;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.sparsity.NormPair;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the flags say about a run; null where they say nothing.
 *
 * @param file a run specification that the flags override
 * @param dataFolder absolute
 */
public record RunSettings(
        @Nullable Path file,
        @Nullable TrainerKind trainer,
        @Nullable String model,
        @Nullable String dataset,
        @Nullable Path dataFolder,
        @Nullable RunLength iterations,
        @Nullable Integer epochs,
        @Nullable Integer batchSize,
        @Nullable Double learningRate,
        @Nullable Long seed,
        @Nullable Rewind rewind,
        @Nullable Policy policy,
        @Nullable List<NormPair> pairs,
        @Nullable List<Shadow> shadows) {}
