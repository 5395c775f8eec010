// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.meters;

import dev.espalier.dashboard.application.ActiveRuns;
import dev.espalier.dashboard.domain.RunRow;
import dev.espalier.schemas.run.ReportedState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The series per run. They come and go with the active runs. */
@Singleton
final class RunSeries {

    private final ActiveRuns activeRuns;
    private final Map<Metrics, MultiGauge> gauges = new EnumMap<>(Metrics.class);

    RunSeries(ActiveRuns activeRuns, MeterRegistry registry) {
        this.activeRuns = activeRuns;
        for (Metrics meter : Metrics.values()) {
            if (meter.labels().contains(Metrics.RUN_ID)) {
                gauges.put(
                        meter,
                        MultiGauge.builder(meter.metric())
                                .description(meter.documentation())
                                .register(registry));
            }
        }
    }

    void renew() {
        Map<Metrics, List<Row<?>>> rows = new EnumMap<>(Metrics.class);
        gauges.keySet().forEach(meter -> rows.put(meter, new ArrayList<>()));
        activeRuns.now().forEach(run -> new RunRows(run, rows).add());
        gauges.forEach((meter, gauge) -> gauge.register(rows.getOrDefault(meter, List.of()), true));
    }

    /** The rows of one run. */
    private record RunRows(RunRow run, Map<Metrics, List<Row<?>>> rows) {

        private void add() {
            row(
                    Metrics.RUN_INFO,
                    1,
                    "model",
                    text(run.model()),
                    "dataset",
                    text(run.dataset()),
                    "policy",
                    run.policy() == null ? "" : run.policy().name(),
                    "policy_version",
                    run.policy() == null ? "" : run.policy().version());
            for (ReportedState state : ReportedState.values()) {
                row(
                        Metrics.RUN_STATE,
                        state == run.state() ? 1 : 0,
                        "state",
                        state.name().toLowerCase(Locale.ROOT));
            }
            row(Metrics.RUN_PROGRESS, run.progress());
            if (run.lastIterationAt() != null) {
                row(Metrics.RUN_LAST_ITERATION, run.lastIterationAt().toEpochMilli() / 1000.0);
            }
            if (run.remaining() != null) {
                row(Metrics.RUN_SPARSITY, 1 - run.remaining(), "kind", "effective");
            }
            if (run.lastDecision() != null && run.lastDecision().remainingNext() != null) {
                row(
                        Metrics.RUN_SPARSITY,
                        1 - run.lastDecision().remainingNext(),
                        "kind",
                        "planned");
            }
            if (run.lastDecision() != null) {
                run.lastDecision()
                        .shadows()
                        .forEach(
                                shadow -> {
                                    row(
                                            Metrics.RUN_SHADOW_PRUNED,
                                            shadow.ratio(),
                                            "shadow",
                                            shadow.name());
                                    row(
                                            Metrics.RUN_SHADOW_OVERLAP,
                                            shadow.overlap(),
                                            "shadow",
                                            shadow.name());
                                });
            }
            row(Metrics.RUN_REMAINING, run.active());
            if (run.pqi() != null) {
                row(Metrics.RUN_PQ_INDEX, run.pqi().value());
            }
            run.metrics()
                    .forEach(
                            metric -> {
                                switch (metric.name()) {
                                    case "accuracy" ->
                                            row(
                                                    Metrics.RUN_ACCURACY,
                                                    metric.value(),
                                                    "split",
                                                    metric.split());
                                    case "loss" ->
                                            row(
                                                    Metrics.RUN_LOSS,
                                                    metric.value(),
                                                    "split",
                                                    metric.split());
                                    default -> {}
                                }
                            });
        }

        private void row(Metrics meter, @Nullable Number value, String... labels) {
            if (value != null) {
                rows.computeIfAbsent(meter, key -> new ArrayList<>())
                        .add(
                                Row.of(
                                        Tags.of(Metrics.RUN_ID, run.runId().value()).and(labels),
                                        value));
            }
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    }
}
