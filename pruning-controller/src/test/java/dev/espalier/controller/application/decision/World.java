// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static dev.espalier.controller.testing.Weights.matrix;

import dev.espalier.controller.adapter.cel.CelFormulas;
import dev.espalier.controller.application.Runs.KnownRun;
import dev.espalier.controller.application.SelectedPolicies;
import dev.espalier.controller.application.SelectedPolicies.ChosenPolicy;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.testing.LoopFixture;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.memory.MemoryObjectStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything around a controller that outlives it. */
final class World {

    static final RunId RUN = new RunId("tiny");
    static final String REQUEST = "tiny/requested-running-1";

    static final Formulas FORMULAS = new CelFormulas();

    final MemoryObjectStore store = new MemoryObjectStore();
    final LoopFixture loop = new LoopFixture(store, RUN);
    final Map<String, ChosenPolicy> selected = new HashMap<>();
    final List<PruningDecided> published = new CopyOnWriteArrayList<>();
    final Path folder;
    @Nullable RunSpecification specification = specification(30, Rewind.INITIAL, null);
    Consumer<String> onStep = step -> {};

    World(Path folder) {
        this.folder = folder;
        store.onStep(step -> onStep.accept(step));
    }

    static RunSpecification specification(
            @Nullable Integer iterations, Rewind rewind, @Nullable Policy policy) {
        return new RunSpecification(
                TrainerKind.EXTERNAL,
                null,
                null,
                TrainingSpec.DEFAULT,
                0,
                rewind,
                iterations,
                NormPair.DEFAULTS,
                policy);
    }

    static Weights weights(long seed) {
        var random = new SplittableRandom(seed);
        double[] first = new double[400];
        double[] second = new double[90];
        java.util.Arrays.setAll(first, i -> random.nextGaussian());
        java.util.Arrays.setAll(second, i -> random.nextGaussian());
        return Weights.of(matrix("fc1.weight", 20, first), matrix("linear.weight", 9, second));
    }

    /** Few weights hold nearly everything: a high PQ Index. */
    static Weights steep() {
        double[] first = new double[400];
        double[] second = new double[90];
        java.util.Arrays.setAll(first, i -> StrictMath.exp(-i / 10.0));
        java.util.Arrays.setAll(second, i -> StrictMath.exp(-i / 10.0));
        return Weights.of(matrix("fc1.weight", 20, first), matrix("linear.weight", 9, second));
    }

    /** A process that starts now. */
    DecidePruning controller() {
        return controller(target -> Optional.ofNullable(selected.get(target)));
    }

    DecidePruning controller(SelectedPolicies policies) {
        return new DecidePruning(
                store,
                run ->
                        Optional.ofNullable(specification)
                                .filter(s -> run.equals(RUN))
                                .map(s -> new KnownRun(s, REQUEST)),
                policies,
                (decision, cause) -> {
                    onStep.accept("before publishing");
                    published.add(decision);
                    onStep.accept("after publishing");
                },
                FORMULAS,
                folder);
    }

    Decided decide(IterationEvent event) {
        return controller().decide(event, event.eventId());
    }

    void select(String target, Policy policy, String setBy) {
        selected.put(target, new ChosenPolicy(policy, setBy));
    }

    DecisionRecord register(int iteration) {
        ObjectKey key = ObjectKey.decision(RUN, iteration);
        return Document.DECISION.readJson(key.value(), store.read(key).orElseThrow());
    }
}
