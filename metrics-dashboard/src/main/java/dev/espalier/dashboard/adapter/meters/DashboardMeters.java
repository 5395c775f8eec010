// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.meters;

import dev.espalier.dashboard.application.EventObserver;
import dev.espalier.dashboard.domain.Effect;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.RunCondition;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what the topics hold. The counters appear only once the topics were read to their end:
 * after a restart, Prometheus then sees the same totals again, and no reset.
 */
@Singleton
final class DashboardMeters implements EventObserver {

    private static final String SWAP_ID = "/policy-";

    private record Series(Metrics meter, Tags tags) {}

    private final Map<Series, LongAdder> counts = new ConcurrentHashMap<>();
    private final Set<Series> registered = ConcurrentHashMap.newKeySet();
    private final Set<String> swapsSeen = ConcurrentHashMap.newKeySet();
    private final MeterRegistry registry;

    DashboardMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void counted(Event event, Effect effect) {
        countEvent(event.type().typeName(), effect == Effect.NEW ? "processed" : "duplicate");
        if (effect == Effect.NEW) {
            countNew(event);
        }
    }

    @Override
    public void malformed(Topic topic) {
        countEvent("unknown", "malformed");
        if (topic == Topic.POLICIES) {
            count(Metrics.POLICY_SWAPS, "outcome", "refused");
        }
    }

    /** Shows every series that has begun since the last call. */
    void register() {
        counts.forEach(
                (series, count) -> {
                    if (registered.add(series)) {
                        FunctionCounter.builder(
                                        series.meter.metric(), count, LongAdder::doubleValue)
                                .description(series.meter.documentation())
                                .tags(series.tags)
                                .register(registry);
                    }
                });
    }

    private void countNew(Event event) {
        switch (event) {
            case CompressibilityMeasured e -> count(Metrics.ITERATIONS, "outcome", "completed");
            case MeasurementFailed e -> count(Metrics.ITERATIONS, "outcome", "failed");
            case PolicySelected e -> count(Metrics.POLICY_SWAPS, "outcome", "selected");
            case PruningDecided e -> {
                count(Metrics.DECISIONS, "verdict", e.verdict().label());
                String setBy = e.policy().setBy();
                if (setBy.contains(SWAP_ID) && swapsSeen.add(e.runId() + " " + setBy)) {
                    count(Metrics.POLICY_SWAPS, "outcome", "applied");
                }
            }
            case PolicyStatus e -> {}
            case EpochCompleted e -> {}
            case RangeRequested e -> {}
            case RunRequested e -> {}
            case RunCondition e -> {}
            case RunStatus e -> {}
            case SnapshotPublished e -> {}
        }
    }

    private void countEvent(String type, String outcome) {
        add(new Series(Metrics.EVENTS, Tags.of("type", type, "outcome", outcome)));
    }

    private void count(Metrics meter, String label, String value) {
        add(new Series(meter, Tags.of(label, value)));
    }

    private void add(Series series) {
        counts.computeIfAbsent(series, key -> new LongAdder()).increment();
    }
}
