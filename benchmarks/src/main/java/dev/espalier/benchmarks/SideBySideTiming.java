// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * All cases in turns, round after round, so that whatever else the machine does meets them all. The
 * time of each is the median of its rounds. Who is quick runs untimed for a while before, for the
 * one before may have left a processor that slept, or threads that wait for more on both cores.
 */
final class SideBySideTiming {

    /** Milliseconds; whoever takes less begins warm. */
    private static final double QUICK = 200;

    /** Milliseconds. */
    private static final double WARMING = 60;

    private SideBySideTiming() {}

    /**
     * @param medians milliseconds, in the order of the cases
     * @param best the same of the fastest round, which a busy machine disturbs least
     */
    record Result(List<SideBySideCase> cases, List<Double> medians, List<Double> best) {

        /** A table for people, every row against the first. */
        String table() {
            StringBuilder table = new StringBuilder();
            table.append(
                    "| what | median ms | GB/s | of the plain read | best ms | of its best |\n");
            table.append("|---|---:|---:|---:|---:|---:|\n");
            for (int i = 0; i < medians.size(); i++) {
                SideBySideCase each = cases.get(i);
                table.append(
                        each.bytes() == 0
                                ? "| %s | %.2f | | | %.2f | |%n"
                                        .formatted(each.name(), medians.get(i), best.get(i))
                                : "| %s | %.2f | %.1f | %.0f %% | %.2f | %.0f %% |%n"
                                        .formatted(
                                                each.name(),
                                                medians.get(i),
                                                speed(each, medians.get(i)),
                                                share(each, i, medians),
                                                best.get(i),
                                                share(each, i, best)));
            }
            return table.toString();
        }

        /** In GB/s. */
        private static double speed(SideBySideCase each, double milliseconds) {
            return each.bytes() / milliseconds / 1e6;
        }

        /** Percentage of the bandwidth of the first each. */
        private double share(SideBySideCase each, int i, List<Double> times) {
            double limit = speed(cases.getFirst(), times.getFirst());
            return 100 * speed(each, times.get(i)) / limit;
        }

        double median(String name) {
            for (int i = 0; i < medians.size(); i++) {
                if (cases.get(i).name().equals(name)) {
                    return medians.get(i);
                }
            }
            throw new IllegalArgumentException("nobody is called '" + name + "'");
        }
    }

    static Result run(List<SideBySideCase> cases, int warmUps, int rounds) {
        double[][] times = new double[cases.size()][rounds];
        for (int round = -warmUps; round < rounds; round++) {
            for (int i = 0; i < cases.size(); i++) {
                double time = cases.get(i).run();
                for (double spent = time; time < QUICK && spent < WARMING; spent += time) {
                    time = cases.get(i).run();
                }
                if (round >= 0) {
                    times[i][round] = time;
                }
            }
        }
        List<Double> medians = Arrays.stream(times).map(SideBySideTiming::median).toList();
        List<Double> best =
                Arrays.stream(times).map(own -> Arrays.stream(own).min().orElseThrow()).toList();
        return new Result(cases, medians, best);
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
