// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Ten runs, in the middle of which broker and store do not answer for a long time: their process is
 * frozen. All runs must end with the bytes of undisturbed runs.
 */
public final class Outage {

    private static final int RUNS = 10;
    private static final int ITERATIONS = 20;
    private static final Duration END = Duration.ofMinutes(10);

    private Outage() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath().normalize();
        Duration length = Duration.ofSeconds(Math.round(Double.parseDouble(arguments[1]) * 60));
        Path folder = Files.createTempDirectory("espalier-outage-");
        System.out.printf("The stack's data and logs are in %s%n", folder);
        boolean isGood;
        try (PackagedStack stack = PackagedStack.start(home, folder)) {
            isGood = run(stack, length, System.out);
        }
        System.out.println(isGood ? "outage: good" : "outage: FAILED");
        System.exit(isGood ? 0 : 1);
    }

    private static boolean run(PackagedStack stack, Duration length, PrintStream out)
            throws IOException, InterruptedException {
        Batch quiet = new Batch("quiet", RUNS, ITERATIONS);
        try (var client = new LoopClient(stack.bootstrapServers(), Batch.TOPICS, quiet)) {
            quiet.request(client);
            if (!quiet.awaitEnd(END)) {
                out.println("not over: " + quiet.notCompleted());
                return false;
            }
        }
        Batch cut = new Batch("cut", RUNS, ITERATIONS);
        try (var client = new LoopClient(stack.bootstrapServers(), Batch.TOPICS, cut)) {
            cut.request(client);
            cut.awaitDecisions(RUNS * ITERATIONS / 2);
            out.printf(
                    "after %d decisions, broker and store do not answer for %d min%n",
                    cut.latencies().size(), length.toMinutes());
            stack.freezeBrokerAndStore(length);
            long back = System.nanoTime();
            boolean areOver = cut.awaitEnd(END);
            out.printf(
                    "%d of %d runs over %d s after both are back%n",
                    cut.over(), RUNS, (System.nanoTime() - back) / 1_000_000_000);
            if (!areOver || !cut.notCompleted().isEmpty()) {
                out.println("not completed: " + cut.notCompleted());
                return false;
            }
        }
        int different = Bodies.differing(stack, quiet, cut).size();
        out.printf("%d of %d runs have the undisturbed bytes%n", RUNS - different, RUNS);
        return different == 0;
    }
}
