// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.training.EpochResult;
import dev.espalier.trainer.domain.training.IterationTraining;
import dev.espalier.trainer.domain.training.Network;
import dev.espalier.trainer.domain.training.Position;
import dev.espalier.trainer.domain.training.Recipe;
import dev.espalier.trainer.domain.training.TrainingControl;
import java.lang.foreign.Arena;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One iteration of one run, from its starting weights to its checkpoint. Owns the network. */
final class IterationWork implements AutoCloseable {

    private final RunId run;
    private final RunSpecification specification;
    private final NextIteration plan;
    private final Instant since;
    private final ArtifactRef start;
    private final Network network;
    private final IterationTraining training;

    private IterationWork(
            RunId run,
            RunSpecification specification,
            NextIteration plan,
            Instant since,
            ArtifactRef start,
            Network network,
            IterationTraining training) {
        this.run = run;
        this.specification = specification;
        this.plan = plan;
        this.since = since;
        this.start = start;
        this.network = network;
        this.training = training;
    }

    /** Loads the starting weights and the mask. */
    static IterationWork prepare(
            RunId run,
            RunSpecification specification,
            NextIteration plan,
            Instant now,
            Dataset dataset,
            Architecture architecture,
            TrainingEngine engine,
            RunArtifacts artifacts) {
        StartingWeights weights = new StartingWeights(run, specification.seed(), artifacts);
        ArtifactRef previous = plan.previous();
        ArtifactRef start =
                previous == null || !specification.rewind().equals(Rewind.NONE)
                        ? weights.initial(architecture)
                        : previous;
        ArtifactRef maskRef = plan.mask();
        Mask mask = maskRef == null ? Mask.DENSE : artifacts.loadMask(maskRef);
        Network network = engine.open(architecture);
        try {
            weights.load(start, network);
            StartingWeights.apply(mask, maskRef, network);
            Recipe recipe = new Recipe(specification.training(), specification.seed());
            IterationTraining training =
                    new IterationTraining(dataset, recipe, plan.number(), network, Position.START);
            return new IterationWork(run, specification, plan, now, start, network, training);
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    int iteration() {
        return plan.number();
    }

    /** When work on it began. */
    Instant since() {
        return since;
    }

    /** Goes on with training; empty when the control interrupted it. */
    Optional<EpochResult> train(TrainingControl control) {
        return training.run(control);
    }

    /** Stores the weights, then the checkpoint, and returns what is to be published. */
    SnapshotPublished store(EpochResult last, RunArtifacts artifacts) {
        ArtifactRef mask = plan.mask();
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", "pt");
        metadata.put("run", run.value());
        metadata.put("iteration", Integer.toString(plan.number()));
        metadata.put("parent", start.sha256().hex());
        if (mask != null) {
            metadata.put("mask", mask.sha256().hex());
        }
        try (Arena scope = Arena.ofConfined()) {
            List<TensorData> tensors = StartingWeights.read(network, scope);
            ArtifactRef weights =
                    artifacts.saveWeights(ObjectKey.weights(run, plan.number()), metadata, tensors);
            return artifacts.saveCheckpoint(
                    new SnapshotPublished(
                            run,
                            plan.number(),
                            weights,
                            mask,
                            metrics(last),
                            specification.pairs()));
        }
    }

    /** What is known after an epoch; a number that is not finite is left out. */
    static List<Metric> metrics(EpochResult result) {
        List<Metric> metrics = new ArrayList<>();
        add(metrics, "accuracy", "test", result.test().accuracy());
        add(metrics, "loss", "test", result.test().loss());
        add(metrics, "accuracy", "validation", result.validation().accuracy());
        add(metrics, "loss", "validation", result.validation().loss());
        add(metrics, "loss", "train", result.trainLoss());
        return metrics;
    }

    private static void add(List<Metric> metrics, String name, String split, double value) {
        if (Double.isFinite(value)) {
            metrics.add(new Metric(name, split, value));
        }
    }

    @Override
    public void close() {
        training.close();
        network.close();
    }
}
