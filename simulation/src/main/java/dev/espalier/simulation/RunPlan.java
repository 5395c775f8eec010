// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.policy.Guard;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.Scope;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that somebody asks for. Few differ, so that what they should come to is soon known. */
record RunPlan(RunId run, RunSpecification specification) {

    private static final int ITERATIONS = 3;
    private static final PruningRule SAP = new PruningRule.Sap(0.5, 1, 0, 1, 0.9);

    /** Policies that users swap to. */
    static final List<Policy> SWAPS =
            List.of(
                    policy("fixed", Scope.GLOBAL, new PruningRule.FixedRatio(0.2), null),
                    policy("neurons", Scope.NEURON, new PruningRule.FixedRatio(0.3), null),
                    policy("once", Scope.LAYER, new PruningRule.OneShot(0.25), null),
                    policy("careful", Scope.LAYER, SAP, Guard.Action.HOLD));

    private record Kind(String name, String model, Rewind rewind, @Nullable Policy policy) {}

    private static final List<Kind> ALL =
            List.of(
                    new Kind(
                            "plain",
                            "linear",
                            Rewind.INITIAL,
                            policy("sap", Scope.LAYER, SAP, null)),
                    new Kind(
                            "continued",
                            "linear",
                            Rewind.NONE,
                            policy("fixed", Scope.NEURON, new PruningRule.FixedRatio(0.2), null)),
                    new Kind(
                            "guarded",
                            "linear",
                            new Rewind.ToEpoch(1),
                            policy(
                                    "guarded",
                                    Scope.GLOBAL,
                                    new PruningRule.FixedRatio(0.6),
                                    Guard.Action.ROLL_BACK)),
                    new Kind(
                            "gradual",
                            "linear",
                            Rewind.INITIAL,
                            policy(
                                    "gradual",
                                    Scope.LAYER,
                                    new PruningRule.Gradual(0, 0.8, 3),
                                    null)),
                    new Kind(
                            "once",
                            "linear",
                            Rewind.NONE,
                            policy("once", Scope.GLOBAL, new PruningRule.OneShot(0.3), null)),
                    new Kind("default", "linear", Rewind.INITIAL, null),
                    new Kind("impossible", "mirror", Rewind.INITIAL, null));

    static final int KINDS = ALL.size();

    private static Policy policy(
            String name, Scope scope, PruningRule rule, Guard.@Nullable Action guard) {
        return new Policy(
                name,
                scope,
                rule,
                1,
                List.of(),
                new StopRule(null, 0.02),
                List.of(),
                guard == null ? null : new Guard("accuracy", "test", 0.15, guard),
                null);
    }

    /**
     * @param data a folder in the layout of MNIST
     */
    static RunPlan of(int kind, int seed, Path data) {
        Kind chosen = ALL.get(kind);
        return new RunPlan(
                new RunId(
                        "%s-%d".formatted(chosen.name().toLowerCase(java.util.Locale.ROOT), seed)),
                new RunSpecification(
                        TrainerKind.ESPALIER,
                        chosen.model,
                        new DatasetSpec("mnist", data.toString()),
                        new TrainingSpec(
                                2, 4, 0.5, 0.9, true, 5e-4, 1, TrainingSpec.Schedule.COSINE),
                        seed,
                        chosen.rewind,
                        ITERATIONS,
                        NormPair.DEFAULTS,
                        chosen.policy));
    }
}
