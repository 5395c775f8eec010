// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.meters;

import dev.espalier.dashboard.application.ActiveRuns;
import dev.espalier.dashboard.domain.RunSummary;
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
    private final Map<Meters, MultiGauge> gauges = new EnumMap<>(Meters.class);

    RunSeries(ActiveRuns activeRuns, MeterRegistry registry) {
        this.activeRuns = activeRuns;
        for (Meters meter : Meters.values()) {
            if (meter.labels().contains(Meters.RUN_ID)) {
                gauges.put(
                        meter,
                        MultiGauge.builder(meter.metric())
                                .description(meter.documentation())
                                .register(registry));
            }
        }
    }

    void renew() {
        Map<Meters, List<Row<?>>> rows = new EnumMap<>(Meters.class);
        gauges.keySet().forEach(meter -> rows.put(meter, new ArrayList<>()));
        activeRuns.now().forEach(run -> new RunRows(run, rows).add());
        gauges.forEach((meter, gauge) -> gauge.register(rows.getOrDefault(meter, List.of()), true));
    }

    /** The rows of one run. */
    private record RunRows(RunSummary run, Map<Meters, List<Row<?>>> rows) {

        private void add() {
            row(
                    Meters.RUN_INFO,
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
                        Meters.RUN_STATE,
                        state == run.state() ? 1 : 0,
                        "state",
                        state.name().toLowerCase(Locale.ROOT));
            }
            row(Meters.RUN_PROGRESS, run.progress());
            if (run.lastIterationAt() != null) {
                row(Meters.RUN_LAST_ITERATION, run.lastIterationAt().toEpochMilli() / 1000.0);
            }
            if (run.remaining() != null) {
                row(Meters.RUN_SPARSITY, 1 - run.remaining(), "kind", "effective");
            }
            if (run.lastDecision() != null && run.lastDecision().remainingNext() != null) {
                row(Meters.RUN_SPARSITY, 1 - run.lastDecision().remainingNext(), "kind", "planned");
            }
            if (run.lastDecision() != null) {
                run.lastDecision()
                        .shadows()
                        .forEach(
                                shadow -> {
                                    row(
                                            Meters.RUN_SHADOW_PRUNED,
                                            shadow.ratio(),
                                            "shadow",
                                            shadow.name());
                                    row(
                                            Meters.RUN_SHADOW_OVERLAP,
                                            shadow.overlap(),
                                            "shadow",
                                            shadow.name());
                                });
            }
            row(Meters.RUN_REMAINING, run.active());
            if (run.pqi() != null) {
                row(Meters.RUN_PQ_INDEX, run.pqi().value());
            }
            run.metrics()
                    .forEach(
                            metric -> {
                                switch (metric.name()) {
                                    case "accuracy" ->
                                            row(
                                                    Meters.RUN_ACCURACY,
                                                    metric.value(),
                                                    "split",
                                                    metric.split());
                                    case "loss" ->
                                            row(
                                                    Meters.RUN_LOSS,
                                                    metric.value(),
                                                    "split",
                                                    metric.split());
                                    default -> {}
                                }
                            });
        }

        private void row(Meters meter, @Nullable Number value, String... labels) {
            if (value != null) {
                rows.computeIfAbsent(meter, key -> new ArrayList<>())
                        .add(
                                Row.of(
                                        Tags.of(Meters.RUN_ID, run.runId().value()).and(labels),
                                        value));
            }
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    }
}
