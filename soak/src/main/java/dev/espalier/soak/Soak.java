// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import dev.espalier.schemas.RunId;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Forty runs at once: undisturbed, beside misfit events, and beside misfit events and {@code kill
 * -9}. Prints by how much decisions are later, and whether every run ends with the same bytes.
 *
 * <p>Arguments: the repository, the minutes of killing.
 */
public final class Soak {

    private static final int RUNS = 40;
    private static final int ITERATIONS = 5;
    private static final Duration END = Duration.ofMinutes(10);

    /** How much later a decision may be beside misfit events, in milliseconds. */
    private static final long LATER_AT_MOST = 5_000;

    private final PrintStream out;
    private final PackagedStack stack;
    private boolean isGood = true;

    private Soak(PackagedStack stack, PrintStream out) {
        this.stack = stack;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath().normalize();
        Duration killing = Duration.ofSeconds(Math.round(Double.parseDouble(arguments[1]) * 60));
        Path folder = Files.createTempDirectory("espalier-soak-");
        System.out.printf("The stack's data and logs are in %s%n", folder);
        boolean isGood;
        try (PackagedStack stack = PackagedStack.start(home, folder)) {
            isGood = new Soak(stack, System.out).run(killing);
        }
        System.exit(isGood ? 0 : 1);
    }

    private boolean run(Duration killing) throws IOException, InterruptedException {
        warmUp();
        Batch quiet = new Batch("quiet", RUNS, ITERATIONS);
        try (var client = client(quiet)) {
            quiet.request(client);
            requireEnd(quiet);
        }
        out.printf("undisturbed:          %s%n", Percentiles.of(quiet.latencies().values()));

        Batch crowded = new Batch("crowded", RUNS, ITERATIONS);
        try (var client = client(crowded);
                var misfits = MisfitSender.start(stack.bootstrapServers())) {
            crowded.request(client);
            requireEnd(crowded);
            out.printf(
                    "beside %6d misfits: %s%n",
                    misfits.taken(), Percentiles.of(crowded.latencies().values()));
        }
        requirePunctual(quiet, crowded);
        requireSameBytes(quiet, crowded);
        underFire(quiet, killing);
        out.println(isGood ? "soak: good" : "soak: FAILED");
        return isGood;
    }

    /** The first runs of a fresh stack load classes and would spoil the comparison. */
    private void warmUp() throws IOException, InterruptedException {
        Batch warm = new Batch("warm", 8, ITERATIONS);
        try (var client = client(warm)) {
            warm.request(client);
            requireEnd(warm);
        }
    }

    private void underFire(Batch quiet, Duration killing) throws IOException, InterruptedException {
        long end = System.nanoTime() + killing.toNanos();
        try (var killer = Killer.start(stack, killing)) {
            List<Batch> batches = new ArrayList<>();
            while (batches.isEmpty() || System.nanoTime() < end) {
                Batch batch = new Batch("shot-" + batches.size(), RUNS, ITERATIONS);
                batches.add(batch);
                try (var client = new LoopClient(killer.bootstrapServers(), Batch.TOPICS, batch);
                        var _ = MisfitSender.start(killer.bootstrapServers())) {
                    batch.request(client);
                    requireEnd(batch);
                }
                requireSameBytes(quiet, batch);
            }
            out.printf(
                    "beside misfits and kills: %d runs, killed %s%n",
                    batches.size() * RUNS, killer.killed());
        }
    }

    private LoopClient client(Batch batch) throws IOException {
        return new LoopClient(stack.bootstrapServers(), Batch.TOPICS, batch);
    }

    private void requireEnd(Batch batch) throws InterruptedException {
        long start = System.nanoTime();
        boolean ended = batch.awaitEnd(END);
        out.printf(
                "  %d of %d runs over after %d s%n",
                batch.over(), batch.runs(), (System.nanoTime() - start) / 1_000_000_000);
        if (!ended || !batch.notCompleted().isEmpty()) {
            fail("not completed within %s: %s".formatted(END, batch.notCompleted()));
        }
    }

    private void requirePunctual(Batch quiet, Batch crowded) {
        Map<Batch.Step, Long> before = quiet.latencies();
        long worst = Long.MIN_VALUE;
        Batch.Step where = null;
        for (var entry : crowded.latencies().entrySet()) {
            Long usual = before.get(entry.getKey());
            if (usual != null && entry.getValue() - usual > worst) {
                worst = entry.getValue() - usual;
                where = entry.getKey();
            }
        }
        out.printf("the most delayed decision: %d ms later (%s)%n", worst, where);
        if (worst > LATER_AT_MOST) {
            fail("a decision is more than %d ms later".formatted(LATER_AT_MOST));
        }
    }

    private void requireSameBytes(Batch quiet, Batch other) throws IOException {
        List<RunId> different = Bodies.differing(stack, quiet, other);
        different.forEach(run -> out.printf("  %s differs from its undisturbed twin%n", run));
        out.printf("  %d of %d runs have the undisturbed bytes%n", RUNS - different.size(), RUNS);
        if (!different.isEmpty()) {
            fail("bytes differ");
        }
    }

    private void fail(String why) {
        isGood = false;
        out.println("FAILED: " + why);
    }
}
