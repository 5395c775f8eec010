// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.SnapshotPublished;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long the loop takes from a snapshot to its decision, beside the bare operations that it
 * consists of and beside training alone, in one run of the packaged stack.
 *
 * <p>Arguments: the repository, the number of iterations. The first {@value #WARM} iterations warm
 * the services and are not counted.
 */
public final class LoopLatency implements LoopClient.Listener {

    private static final int WARM = 20;
    private static final Duration END = Duration.ofMinutes(15);
    private static final RunId RUN = new RunId("latency-000");

    private final Map<Integer, Long> published = new ConcurrentHashMap<>();
    private final Map<Integer, Long> decided = new ConcurrentHashMap<>();
    private final Map<Integer, Double> trained = new ConcurrentHashMap<>();
    private final Batch batch;

    private LoopLatency(Batch batch) {
        this.batch = batch;
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath().normalize();
        int iterations = Integer.parseInt(arguments[1]);
        Path folder = Files.createTempDirectory("espalier-latency-");
        try (PackagedStack stack = PackagedStack.start(home, folder)) {
            var latency = new LoopLatency(new Batch("latency", 1, iterations));
            latency.run(stack, System.out);
        }
        System.exit(0);
    }

    private void run(PackagedStack stack, PrintStream out)
            throws IOException, InterruptedException {
        try (var client =
                new LoopClient(
                        stack.bootstrapServers(),
                        EnumSet.of(
                                Topic.SNAPSHOTS, Topic.DECISIONS, Topic.RUN_STATUS, Topic.PROGRESS),
                        this)) {
            batch.request(client);
            if (!batch.awaitEnd(END)) {
                throw new IllegalStateException("the run did not end within " + END);
            }
        }
        try (var bare = new BareOperations(stack.credentials())) {
            print(out, bare.measure(RUN));
        }
    }

    private void print(PrintStream out, Map<String, Percentiles> bare) {
        List<Double> toDecision = new ArrayList<>();
        List<Double> period = new ArrayList<>();
        List<Double> training = new ArrayList<>();
        new TreeMap<>(published)
                .forEach(
                        (iteration, at) -> {
                            Long decision = decided.get(iteration);
                            Long next = published.get(iteration + 1);
                            Double epoch = trained.get(iteration + 1);
                            if (iteration >= WARM && decision != null) {
                                toDecision.add((double) (decision - at));
                            }
                            if (iteration >= WARM && next != null && epoch != null) {
                                period.add((double) (next - at));
                                training.add(epoch);
                            }
                        });
        Percentiles loop = Percentiles.of(toDecision);
        out.printf("snapshot -> decision      %s%n", loop);
        bare.forEach((name, percentiles) -> out.printf("  %-22s  %s%n", name, percentiles));
        double sum = bare.values().stream().mapToDouble(Percentiles::p50).sum();
        out.printf(
                Locale.ROOT,
                "  sum of bare operations  p50 %.1f ms; the loop takes %.2f times as long%n",
                sum,
                loop.p50() / sum);
        Percentiles whole = Percentiles.of(period);
        Percentiles alone = Percentiles.of(training);
        out.printf("iteration                 %s%n", whole);
        out.printf("training alone            %s%n", alone);
        out.printf(
                Locale.ROOT,
                "overhead of an iteration  p50 %.0f ms beside training%n",
                whole.p50() - alone.p50());
    }

    @Override
    public void onEvent(Event event, long brokerMillis) {
        batch.onEvent(event, brokerMillis);
        if (!event.key().equals(RUN.value())) {
            return;
        }
        if (event instanceof SnapshotPublished snapshot) {
            published.putIfAbsent(snapshot.iteration(), brokerMillis);
        } else if (event instanceof PruningDecided decision) {
            decided.putIfAbsent(decision.iteration(), brokerMillis);
        } else if (event instanceof EpochCompleted epoch) {
            trained.putIfAbsent(epoch.iteration(), epoch.durationSeconds() * 1000);
        }
    }
}
