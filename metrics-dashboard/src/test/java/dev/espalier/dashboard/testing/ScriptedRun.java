// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.testing;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A run as the services would tell it: three tensors that shrink at different rates, an accuracy
 * that rises a little before it falls, indices that fall and then turn up.
 */
public final class ScriptedRun {

    /** The tensors of the network, with their sizes. */
    private record Layer(String tensor, long total, double keptPerIteration, double pqi) {
        private long active(int prunings) {
            return Math.round(total * Math.pow(keptPerIteration, prunings));
        }
    }

    private static final List<Layer> LAYERS =
            List.of(
                    new Layer("fc1.weight", 100_352, 0.76, 0.34),
                    new Layer("fc2.weight", 32_768, 0.8, 0.29),
                    new Layer("linear.weight", 2_560, 0.9, 0.22));
    private static final int EPOCHS = 4;

    private final RunId runId;
    private final RunSpecification specification;
    private final Instant startedAt;
    private final int iterations;

    public ScriptedRun(String runId, TrainerKind trainer, int iterations, Instant startedAt) {
        this.runId = new RunId(runId);
        this.iterations = iterations;
        this.startedAt = startedAt;
        this.specification =
                new RunSpecification(
                        trainer,
                        trainer == TrainerKind.ESPALIER ? "mlp" : null,
                        trainer == TrainerKind.ESPALIER
                                ? new DatasetSpec("wave-source", null)
                                : null,
                        TrainingSpec.DEFAULT,
                        42,
                        Rewind.INITIAL,
                        iterations,
                        NormPair.DEFAULTS,
                        null);
    }

    public RunId runId() {
        return runId;
    }

    public RunRequested requested() {
        return new RunRequested(runId, DesiredState.RUNNING, specification, startedAt);
    }

    public RunStatus status(ReportedState state, int iteration, double part) {
        double progress = Math.min(1, (iteration + part) / (iterations + 1.0));
        Reason reason =
                switch (state) {
                    case FAILED ->
                            new Reason(
                                    "not-finite",
                                    "fc2.weight[17, 204] is NaN after iteration " + iteration);
                    case COMPLETED ->
                            new Reason("iterations-reached", iterations + " iterations are done");
                    case PENDING, RUNNING, PAUSED, STOPPED -> null;
                };
        return new RunStatus(
                runId,
                state,
                iteration,
                iterations,
                progress,
                state == ReportedState.RUNNING
                        ? (iterations + 1 - iteration - part) * EPOCHS * 2.5
                        : null,
                reason,
                List.of(),
                startedAt.plusMillis(
                        (long) (1000 * EPOCHS * 2.5 * (iteration + part))
                                + (state.isFinal() ? 1 : 0)));
    }

    public EpochCompleted epoch(int iteration, int epoch) {
        double done = epoch / (double) EPOCHS;
        return new EpochCompleted(
                runId,
                iteration,
                epoch,
                EPOCHS,
                0.05 * (1 + Math.cos(Math.PI * done)),
                2.4 + 0.1 * epoch,
                List.of(
                        new Metric("loss", "train", trainLoss(iteration) * (1 + 2 * (1 - done))),
                        new Metric("accuracy", "test", accuracy(iteration) - 0.05 * (1 - done))));
    }

    public SnapshotPublished snapshot(int iteration) {
        return new SnapshotPublished(
                runId,
                iteration,
                ref(ObjectKey.weights(runId, iteration)),
                iteration == 0 ? null : ref(ObjectKey.mask(runId, iteration)),
                List.of(
                        new Metric("accuracy", "test", accuracy(iteration)),
                        new Metric("loss", "test", trainLoss(iteration) * 1.6 + 0.03),
                        new Metric("loss", "train", trainLoss(iteration))),
                NormPair.DEFAULTS);
    }

    public CompressibilityMeasured measured(int iteration) {
        long active = active(iteration);
        List<Double> exponents = NormPair.exponents(NormPair.DEFAULTS);
        return new CompressibilityMeasured(
                runId,
                iteration,
                snapshot(iteration),
                ref(ObjectKey.measurement(runId, iteration)),
                total(),
                new PowerSums(
                        exponents, active, exponents.stream().map(s -> active * 0.05 * s).toList()),
                indices(0.32, iteration, active),
                LAYERS.stream()
                        .map(
                                layer ->
                                        new CompressibilityMeasured.TensorIndex(
                                                layer.tensor(),
                                                layer.total(),
                                                layer.active(iteration),
                                                indices(
                                                        layer.pqi(),
                                                        iteration,
                                                        layer.active(iteration))))
                        .toList());
    }

    public PruningDecided decided(int iteration) {
        return iteration < iterations
                ? decided(iteration, Verdict.PRUNE, PolicyRefs.DEFAULT)
                : decided(iteration, Verdict.STOP, PolicyRefs.DEFAULT);
    }

    public PruningDecided decided(int iteration, Verdict verdict, PolicyRef policy) {
        long pruned = verdict == Verdict.PRUNE ? active(iteration) - active(iteration + 1) : 0;
        return new PruningDecided(
                runId,
                iteration,
                verdict,
                verdict == Verdict.STOP ? Outcome.COMPLETED : null,
                reason(verdict, iteration, pruned),
                policy,
                verdict == Verdict.STOP ? null : ref(ObjectKey.mask(runId, iteration + 1)),
                total(),
                active(iteration),
                pruned,
                (double) active(iteration) / total(),
                indices(0.32, iteration, active(iteration)).getFirst(),
                snapshot(iteration).metrics(),
                LAYERS.stream()
                        .map(
                                layer ->
                                        new PruningDecided.TensorCount(
                                                layer.tensor(),
                                                layer.active(iteration),
                                                verdict == Verdict.PRUNE
                                                        ? layer.active(iteration)
                                                                - layer.active(iteration + 1)
                                                        : 0))
                        .toList(),
                null,
                null,
                List.of(
                        new ShadowOutcome(
                                "fixed-ratio-0.2",
                                shadowPruned(iteration),
                                verdict == Verdict.PRUNE
                                        ? Long.valueOf(shadowPruned(iteration) / 2)
                                        : null,
                                List.of(),
                                null)),
                null);
    }

    /** Everything that is said of an iteration, in the order of the loop. */
    public List<Event> iteration(int iteration) {
        List<Event> events = new ArrayList<>();
        events.add(status(ReportedState.RUNNING, iteration, 0));
        IntStream.rangeClosed(1, EPOCHS)
                .forEach(
                        epoch -> {
                            events.add(epoch(iteration, epoch));
                            events.add(
                                    status(
                                            ReportedState.RUNNING,
                                            iteration,
                                            epoch / (EPOCHS + 1.0)));
                        });
        events.add(snapshot(iteration));
        events.add(measured(iteration));
        events.add(decided(iteration));
        return List.copyOf(events);
    }

    /** The whole run, to its completion. */
    public List<Event> all() {
        List<Event> events = new ArrayList<>();
        events.add(requested());
        events.add(status(ReportedState.PENDING, 0, 0));
        IntStream.rangeClosed(0, iterations).forEach(t -> events.addAll(iteration(t)));
        events.add(status(ReportedState.COMPLETED, iterations, 1));
        return List.copyOf(events);
    }

    public long total() {
        return LAYERS.stream().mapToLong(Layer::total).sum();
    }

    public long active(int iteration) {
        return LAYERS.stream().mapToLong(layer -> layer.active(iteration)).sum();
    }

    /** What the shadow would take; half of it goes where something does. */
    public long shadowPruned(int iteration) {
        return active(iteration) / 5;
    }

    public double accuracy(int iteration) {
        double gone = iteration / 12.0;
        return 0.962 + 0.012 * Math.sin(1.8 * gone) - 0.05 * Math.pow(gone, 4);
    }

    private double trainLoss(int iteration) {
        double gone = iteration / 12.0;
        return 0.04 + 0.09 * gone * gone + 0.006 * Math.sin(iteration * 1.7);
    }

    private static List<GroupIndex> indices(double start, int iteration, long active) {
        double fall = start * (1 - 0.045 * iteration + 0.0026 * iteration * iteration);
        return List.of(
                new GroupIndex(0.5, 1, fall, active * (1 - fall)),
                new GroupIndex(1, 2, fall * 0.82, active * Math.pow(1 - fall * 0.82, 2)));
    }

    private static Reason reason(Verdict verdict, int iteration, long pruned) {
        return switch (verdict) {
            case PRUNE ->
                    new Reason(
                            "sap-bound",
                            String.format(
                                    Locale.ROOT,
                                    "%,d active weights lie outside the bound",
                                    pruned));
            case KEEP -> new Reason("nothing-to-prune", "no weight lies outside the bound");
            case ROLL_BACK ->
                    new Reason(
                            "accuracy-collapsed",
                            "accuracy fell below its floor; back to the mask of iteration "
                                    + (iteration - 1));
            case STOP -> new Reason("iterations-reached", iteration + " iterations are done");
        };
    }

    private static ArtifactRef ref(ObjectKey key) {
        byte[] bytes = key.value().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return ArtifactRef.of("espalier", key, Sha256.of(bytes), 543_000);
    }

    /** The policies that scripted decisions name. */
    public static final class PolicyRefs {
        public static final PolicyRef DEFAULT =
                new PolicyRef("sap-default", "aa18ec1240ea", "built-in");
        public static final PolicyRef SWAPPED =
                new PolicyRef("lottery-20", "3f90b1c77d52", "wave-demo/policy-1795168200000");

        private PolicyRefs() {}
    }
}
