// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import dev.espalier.simulation.service.Mutation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * {@code seeds COUNT [MUTATION]}, {@code seed NUMBER [MUTATION]}, which prints all of it, or {@code
 * mutations COUNT}, which looks for each mutation until a seed finds it.
 */
public final class Simulate {

    private static final int MOST_FAILURES = 10;

    private final PrintStream out;

    private Simulate(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        Mutation mutation = arguments.length > 2 ? Mutation.valueOf(arguments[2]) : Mutation.NONE;
        long number = Long.parseLong(arguments[1]);
        var simulate = new Simulate(System.out);
        Path folder = Files.createTempDirectory("espalier-simulation-");
        boolean isGood;
        try {
            var laboratory = new Laboratory(folder);
            isGood =
                    switch (arguments[0]) {
                        case "seed" -> simulate.one(laboratory, number, mutation);
                        case "mutations" -> simulate.mutations(laboratory, number);
                        default -> simulate.many(laboratory, number, mutation);
                    };
        } finally {
            delete(folder);
        }
        System.exit(isGood ? 0 : 1);
    }

    private boolean one(Laboratory laboratory, long seed, Mutation mutation) {
        Laboratory.Result result = laboratory.run(seed, mutation, out::println);
        return report(List.of(result));
    }

    private boolean many(Laboratory laboratory, long count, Mutation mutation)
            throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        List<Laboratory.Result> failed = new ArrayList<>();
        long steps = 0;
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Laboratory.Result>> results = new ArrayList<>();
            for (long seed = 1; seed <= count; seed++) {
                long own = seed;
                results.add(pool.submit(() -> laboratory.run(own, mutation, line -> {})));
            }
            for (Future<Laboratory.Result> result : results) {
                steps += result.get().steps();
                if (!result.get().violations().isEmpty()) {
                    failed.add(result.get());
                }
            }
        }
        boolean isGood = report(failed);
        out.printf(
                "%d seeds, %d steps, %d failed, %.1f s%n",
                count, steps, failed.size(), (System.nanoTime() - start) / 1e9);
        return isGood;
    }

    private boolean mutations(Laboratory laboratory, long most) {
        boolean areFound = true;
        for (Mutation mutation : Mutation.values()) {
            if (mutation != Mutation.NONE) {
                areFound &= isFound(laboratory, mutation, most);
            }
        }
        return areFound;
    }

    private boolean isFound(Laboratory laboratory, Mutation mutation, long most) {
        for (long seed = 1; seed <= most; seed++) {
            Laboratory.Result result = laboratory.run(seed, mutation, line -> {});
            if (!result.violations().isEmpty()) {
                out.printf("%s: seed %d: %s%n", mutation, seed, result.violations().getFirst());
                return true;
            }
        }
        out.printf("%s: not found by %d seeds%n", mutation, most);
        return false;
    }

    private boolean report(List<Laboratory.Result> results) {
        boolean isGood = true;
        for (Laboratory.Result result :
                results.subList(0, Math.min(MOST_FAILURES, results.size()))) {
            for (var violation : result.violations()) {
                isGood = false;
                out.printf("seed %d: %s%n", result.seed(), violation);
            }
        }
        return isGood;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
