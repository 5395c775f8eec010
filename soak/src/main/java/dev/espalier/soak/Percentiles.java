// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** The middle and the ends of some durations in milliseconds. */
record Percentiles(int count, double p50, double p90, double p99, double max) {

    static Percentiles of(Collection<? extends Number> millis) {
        double[] sorted = millis.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        return sorted.length == 0
                ? new Percentiles(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN)
                : new Percentiles(
                        sorted.length,
                        at(sorted, 0.5),
                        at(sorted, 0.9),
                        at(sorted, 0.99),
                        Arrays.stream(sorted).max().orElseThrow());
    }

    private static double at(double[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, max %.0f ms (%d)",
                p50,
                p90,
                p99,
                max,
                count);
    }
}
