// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.transport.documents.Document;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A number of small runs that are requested at once. Run i of every batch has the same
 * specification, so that equal batches must end with equal bytes.
 */
final class Batch implements LoopClient.Listener {

    /** The topics that a batch listens to. */
    static final Set<Topic> TOPICS = Set.of(Topic.SNAPSHOTS, Topic.DECISIONS, Topic.RUN_STATUS);

    /** One decision of one run. */
    record Step(int run, int iteration) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            return run != other.run
                    ? Integer.compare(run, other.run)
                    : Integer.compare(iteration, other.iteration);
        }
    }

    private static final Duration LOOK = Duration.ofMillis(100);

    private final String name;
    private final int runs;
    private final int iterations;
    private final Policy policy;
    private final Map<Step, Long> published = new ConcurrentHashMap<>();
    private final Map<Step, Long> decided = new ConcurrentHashMap<>();
    private final Map<Integer, ReportedState> ended = new ConcurrentHashMap<>();

    Batch(String name, int runs, int iterations) {
        this.name = name;
        this.runs = runs;
        this.iterations = iterations;
        // A ratio that leaves weights to prune for as many iterations as the run has.
        this.policy =
                Document.POLICY.readText(
                        "soak",
                        """
                        name: soak
                        scope: layer
                        rule: {type: fixed-ratio, ratio: %s}
                        stop: {iterations: %d}
                        """
                                .formatted(iterations > 50 ? "0.01" : "0.1", iterations));
    }

    void request(LoopClient client) throws InterruptedException {
        for (int i = 0; i < runs; i++) {
            client.send(
                    new RunRequested(
                            run(i),
                            DesiredState.RUNNING,
                            specification(i),
                            Instant.now(Clock.systemUTC())));
        }
    }

    RunId run(int index) {
        return new RunId("%s-%03d".formatted(name, index));
    }

    List<RunId> runIds() {
        return IntStream.range(0, runs).mapToObj(this::run).toList();
    }

    private RunSpecification specification(int index) {
        TrainingSpec usual = TrainingSpec.DEFAULT;
        return new RunSpecification(
                TrainerKind.ESPALIER,
                "linear",
                new DatasetSpec("wave-source", null),
                new TrainingSpec(
                        1,
                        usual.batchSize(),
                        usual.learningRate(),
                        usual.momentum(),
                        usual.nesterov(),
                        usual.weightDecay(),
                        usual.clipNorm(),
                        usual.schedule()),
                index,
                Rewind.INITIAL,
                iterations,
                NormPair.DEFAULTS,
                policy);
    }

    @Override
    public void onEvent(Event event, long brokerMillis) {
        int run = index(event.key());
        if (run < 0) {
            return;
        }
        if (event instanceof SnapshotPublished snapshot) {
            published.putIfAbsent(new Step(run, snapshot.iteration()), brokerMillis);
        } else if (event instanceof PruningDecided decision) {
            decided.putIfAbsent(new Step(run, decision.iteration()), brokerMillis);
        } else if (event instanceof RunStatus status && status.state().isFinal()) {
            ended.putIfAbsent(run, status.state());
        }
    }

    private int index(String key) {
        return key.startsWith(name + "-") ? Integer.parseInt(key.substring(name.length() + 1)) : -1;
    }

    /**
     * Waits for the end of every run.
     *
     * @return whether all ended in time
     */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (ended.size() < runs && System.nanoTime() < end) {
            Thread.sleep(LOOK);
        }
        return ended.size() == runs;
    }

    /** Waits for a number of decisions, all runs together. */
    void awaitDecisions(int count) throws InterruptedException {
        while (decided.size() < count && ended.size() < runs) {
            Thread.sleep(LOOK);
        }
    }

    int runs() {
        return runs;
    }

    int over() {
        return ended.size();
    }

    /** The runs that did not end as completed, with the state that they have. */
    Map<RunId, String> notCompleted() {
        Map<RunId, String> others = new TreeMap<>(java.util.Comparator.comparing(RunId::value));
        for (int i = 0; i < runs; i++) {
            ReportedState state = ended.get(i);
            if (state != ReportedState.COMPLETED) {
                others.put(run(i), state == null ? "not over" : state.toString());
            }
        }
        return others;
    }

    /** Milliseconds from each snapshot to its decision, by the broker's clock. */
    Map<Step, Long> latencies() {
        Map<Step, Long> latencies = new TreeMap<>();
        decided.forEach(
                (step, millis) -> {
                    Long from = published.get(step);
                    if (from != null) {
                        latencies.put(step, millis - from);
                    }
                });
        return latencies;
    }
}
