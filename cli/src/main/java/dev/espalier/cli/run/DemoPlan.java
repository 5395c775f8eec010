// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import org.jspecify.annotations.Nullable;

/**
 * The run of {@code espalier demo}: generated data, a small network, the default policy.
 *
 * <p>The paper trains for 200 epochs, in which weight decay makes the weights forget where they
 * began. In a demo of a minute it takes smaller batches and more decay for that; with less of it
 * the weights stay near their initial values, and pruning comes to rest at a third of them.
 */
public final class DemoPlan {

    public static final int EPOCHS = 4;

    private static final int BATCH_SIZE = 25;
    private static final double WEIGHT_DECAY = 0.01;

    /** It takes about 16. */
    private static final int MOST_ITERATIONS = 24;

    private static final double REMAINING_BELOW = 0.1;

    private DemoPlan() {}

    /**
     * @param iterations null to end when little is left
     * @param policy null for the default one
     */
    public static RunSpecification specification(
            @Nullable Integer iterations, int epochs, long seed, @Nullable Policy policy) {
        Policy chosen =
                policy == null
                        ? ending(Policy.DEFAULT, iterations == null ? REMAINING_BELOW : null)
                        : policy;
        TrainingSpec usual = TrainingSpec.DEFAULT;
        return SpecificationBuilder.measuringFor(
                chosen,
                new RunSpecification(
                        TrainerKind.ESPALIER,
                        "mlp",
                        new DatasetSpec("wave-source", null),
                        new TrainingSpec(
                                epochs,
                                BATCH_SIZE,
                                usual.learningRate(),
                                usual.momentum(),
                                usual.nesterov(),
                                WEIGHT_DECAY,
                                usual.clipNorm(),
                                usual.schedule()),
                        seed,
                        Rewind.INITIAL,
                        iterations == null ? MOST_ITERATIONS : iterations,
                        NormPair.DEFAULTS,
                        chosen));
    }

    private static Policy ending(Policy policy, @Nullable Double remainingBelow) {
        return new Policy(
                policy.name(),
                policy.scope(),
                policy.rule(),
                policy.keepAtLeast(),
                policy.exclude(),
                new StopRule(null, remainingBelow));
    }
}
