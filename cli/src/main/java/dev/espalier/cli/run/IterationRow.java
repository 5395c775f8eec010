// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.event.PruningDecided;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One iteration, as it is shown.
 *
 * @param remaining active / total, from 0 to 1
 * @param pqi of all active weights together, for the first measured pair; null where undefined
 * @param accuracy from 0 to 1; null where the trainer did not say
 * @param verdict as it is written in JSON
 * @param reason in words
 */
public record IterationRow(
        int iteration,
        double remaining,
        @Nullable Double pqi,
        @Nullable Double accuracy,
        String verdict,
        String reason,
        long pruned,
        long active) {

    /** The split that says most comes first. */
    private static final Map<String, Integer> SPLITS = Map.of("test", 0, "validation", 1);

    public static IterationRow of(PruningDecided decision) {
        return new IterationRow(
                decision.iteration(),
                decision.remaining(),
                decision.pqi() == null ? null : decision.pqi().value(),
                accuracy(decision.metrics()),
                decision.verdict().label(),
                decision.reason().message(),
                decision.pruned(),
                decision.active());
    }

    static @Nullable Double accuracy(List<Metric> metrics) {
        return metric("accuracy", metrics);
    }

    static @Nullable Double metric(String name, List<Metric> metrics) {
        @Nullable Metric best = null;
        for (Metric metric : metrics) {
            if (metric.name().equals(name) && (best == null || rank(metric) < rank(best))) {
                best = metric;
            }
        }
        return best == null ? null : best.value();
    }

    private static int rank(Metric metric) {
        return SPLITS.getOrDefault(metric.split(), SPLITS.size());
    }
}
