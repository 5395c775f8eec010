// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.iteration;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.trainer.application.RunArtifacts;
import dev.espalier.trainer.application.RunServices;
import dev.espalier.trainer.application.TrainingProgress;
import dev.espalier.trainer.application.TryLaterException;
import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.training.DivergedException;
import dev.espalier.trainer.domain.training.EpochResult;
import dev.espalier.trainer.domain.training.IterationTraining;
import dev.espalier.trainer.domain.training.Network;
import dev.espalier.trainer.domain.training.Position;
import dev.espalier.trainer.domain.training.PrunedJudgement;
import dev.espalier.trainer.domain.training.Recipe;
import dev.espalier.trainer.domain.training.Score;
import dev.espalier.trainer.domain.training.TrainingControl;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One iteration of one run, from its starting weights to its checkpoint. Owns the network. */
public final class IterationWork implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(IterationWork.class);

    private final RunId run;
    private final RunSpecification specification;
    private final NextIteration plan;
    private final RunServices services;
    private final Instant since;
    private final ArtifactRef start;
    private final ModelStateTransfer weights;
    private final Dataset dataset;
    private final Recipe recipe;
    private final Network network;
    private @Nullable IterationTraining training;
    private Score pruned = Score.NONE;
    private boolean isDiverged;
    private boolean hasRewindTarget;
    private Instant kept;

    private IterationWork(
            RunId run,
            RunSpecification specification,
            NextIteration plan,
            Dataset dataset,
            ArtifactRef start,
            ModelStateTransfer weights,
            Network network,
            RunServices services) {
        this.run = run;
        this.specification = specification;
        this.plan = plan;
        this.services = services;
        this.since = services.clock().instant();
        this.start = start;
        this.weights = weights;
        this.dataset = dataset;
        this.recipe = new Recipe(specification.training(), specification.seed());
        this.network = network;
        this.kept = since;
    }

    /** Finds out what the iteration starts from, and takes up an earlier training of it. */
    public static IterationWork prepare(
            RunId run,
            RunSpecification specification,
            NextIteration plan,
            Dataset dataset,
            Architecture architecture,
            RunServices services) {
        RunArtifacts artifacts = services.artifacts();
        ModelStateTransfer weights = new ModelStateTransfer(run, specification.seed(), artifacts);
        ArtifactRef start = weights.start(plan.previous(), specification.rewind(), architecture);
        ArtifactRef maskRef = plan.mask();
        Mask mask = maskRef == null ? Mask.DENSE : artifacts.loadMask(maskRef);
        Network network = services.engine().open(architecture);
        try {
            IterationWork work =
                    new IterationWork(
                            run, specification, plan, dataset, start, weights, network, services);
            ModelStateTransfer.apply(mask, maskRef, network);
            work.takeUp();
            return work;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private void takeUp() {
        try (Arena scope = Arena.ofConfined()) {
            Optional<TrainingProgress> progress =
                    services.artifacts().lastProgress(run, plan.number(), scope);
            if (progress.isPresent() && !ProgressRecord.isWhole(progress.get())) {
                LOGGER.warnf(
                        "Run %s: iteration %d is trained anew: the state that was kept of it is not what was written",
                        run, plan.number());
            } else if (progress.isPresent() && ProgressRecord.fits(progress.get(), plan, start)) {
                pruned = ProgressRecord.restore(progress.get(), network);
                Position position = progress.get().position();
                training = new IterationTraining(dataset, recipe, plan.number(), network, position);
                LOGGER.infof(
                        "Run %s: iteration %d goes on in epoch %d, image %d",
                        run, plan.number(), position.epoch() + 1, position.image());
            }
        }
    }

    public int iteration() {
        return plan.number();
    }

    /** Training images taken so far, over all epochs. */
    public long images() {
        if (training == null) {
            return 0;
        }
        Position position = training.position();
        return (long) position.epoch() * dataset.train().size() + position.image();
    }

    public double epochsDone() {
        return (double) images() / dataset.train().size();
    }

    /** When work on it began. */
    public Instant since() {
        return since;
    }

    /**
     * Goes on with training; empty when the control interrupted it. Where it diverges under a mask,
     * the weights are stored as they are, for a policy may go back to another mask.
     *
     * @throws DivergedException where there is none to go back to
     */
    public Optional<EpochResult> train(TrainingControl control) {
        IterationTraining current = training == null ? begin(control) : training;
        if (current == null) {
            return Optional.empty();
        }
        training = current;
        saveRewindTarget(current.position());
        try {
            return isDiverged ? current.abandon(control) : run(current, control);
        } catch (DivergedException e) {
            if (plan.previous() == null) {
                throw e;
            }
            LOGGER.warnf("Run %s: %s", run, e.getMessage());
            isDiverged = true;
            return current.abandon(control);
        }
    }

    private Optional<EpochResult> run(IterationTraining current, TrainingControl control) {
        return current.run(
                new TrainingControl() {
                    @Override
                    public boolean mayContinue() {
                        return control.mayContinue();
                    }

                    @Override
                    public void epochCompleted(EpochResult result) {
                        control.epochCompleted(result);
                        saveRewindTarget(current.position());
                        keepWhenDue(current.position());
                    }
                });
    }

    /** Judges the weights just pruned, then starts from where the run rewinds to. */
    private @Nullable IterationTraining begin(TrainingControl control) {
        ArtifactRef previous = plan.previous();
        if (previous != null) {
            weights.load(previous, network);
            Optional<Score> score =
                    PrunedJudgement.of(
                            dataset, recipe, plan.number(), network, control::mayContinue);
            if (score.isEmpty()) {
                return null;
            }
            pruned = score.get();
        }
        weights.load(start, network);
        network.resetOptimiser();
        return new IterationTraining(dataset, recipe, plan.number(), network, Position.START);
    }

    private void saveRewindTarget(Position position) {
        if (!hasRewindTarget
                && plan.number() == 0
                && specification.rewind() instanceof Rewind.ToEpoch to
                && position.image() == 0
                && position.epoch() == to.epoch()) {
            Map<String, String> metadata =
                    Map.of(
                            "format", "pt",
                            "run", run.value(),
                            "epoch", Integer.toString(to.epoch()));
            try (Arena scope = Arena.ofConfined()) {
                services.artifacts()
                        .saveRewindTarget(run, metadata, ModelStateTransfer.read(network, scope));
            }
            hasRewindTarget = true;
        }
    }

    private void keepWhenDue(Position position) {
        Instant now = services.clock().instant();
        if (position.epoch() < specification.training().epochs()
                && services.checkpoints().isDue(position.epoch(), kept, now)) {
            keep();
        }
    }

    /** Keeps the state within the iteration; training goes on where that cannot be done. */
    public void keep() {
        if (training == null || isDiverged) {
            return;
        }
        Instant begun = services.clock().instant();
        boolean isKept = false;
        try (Arena scope = Arena.ofConfined()) {
            TrainingProgress progress =
                    ProgressRecord.of(plan, start, training.position(), pruned, network, scope);
            services.artifacts().saveProgress(run, progress);
            isKept = true;
        } catch (TryLaterException e) {
            LOGGER.warnf("Run %s: state within the iteration not kept: %s", run, e.getMessage());
        }
        kept = services.clock().instant();
        services.observer().checkpointEnded(isKept, Duration.between(begun, kept));
    }

    /** Stores the weights, then the checkpoint, and returns what is to be published. */
    public SnapshotPublished store(EpochResult last, RunArtifacts artifacts) {
        ArtifactRef maskRef = plan.mask();
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", "pt");
        metadata.put("run", run.value());
        metadata.put("iteration", Integer.toString(plan.number()));
        metadata.put("parent", start.sha256().hex());
        if (maskRef != null) {
            metadata.put("mask", maskRef.sha256().hex());
        }
        try (Arena scope = Arena.ofConfined()) {
            List<TensorData> tensors = ModelStateTransfer.read(network, scope);
            ArtifactRef trained =
                    artifacts.saveWeights(ObjectKey.weights(run, plan.number()), metadata, tensors);
            List<Metric> metrics = Metrics.ofIteration(last, pruned, isDiverged);
            SnapshotPublished snapshot =
                    artifacts.saveCheckpoint(
                            new SnapshotPublished(
                                    run,
                                    plan.number(),
                                    trained,
                                    maskRef,
                                    metrics,
                                    specification.pairs()));
            artifacts.removeProgress(run);
            return snapshot;
        }
    }

    @Override
    public void close() {
        if (training != null) {
            training.close();
        }
        network.close();
    }
}
