// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.meters;

import dev.espalier.controller.application.DecisionObserver;
import dev.espalier.schemas.event.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;

/** Counters; the registry adds {@code _total} and writes underscores for dots. */
@Singleton
final class ControllerMeters implements DecisionObserver {

    /** Decisions made by this process, by {@code verdict}. */
    private static final String DECISIONS = "espalier.decisions";

    /** Policies that users selected, by {@code outcome}: accepted, refused. */
    private static final String POLICY_SWAPS = "espalier.policy.swaps";

    /** Messages taken, by {@code type} and {@code outcome}. */
    private static final String EVENTS = "espalier.events";

    private static final String OUTCOME = "outcome";

    private final MeterRegistry registry;

    ControllerMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Verdict verdict : Verdict.values()) {
            decisions(verdict);
        }
        swaps(true);
        swaps(false);
    }

    @Override
    public void decided(Verdict verdict) {
        decisions(verdict).increment();
    }

    @Override
    public void policySelected(boolean accepted) {
        swaps(accepted).increment();
    }

    @Override
    public void event(String type, EventOutcome outcome) {
        String label = outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
        registry.counter(EVENTS, "type", type, OUTCOME, label).increment();
    }

    private Counter decisions(Verdict verdict) {
        return registry.counter(DECISIONS, "verdict", verdict.label());
    }

    private Counter swaps(boolean accepted) {
        return registry.counter(POLICY_SWAPS, OUTCOME, accepted ? "accepted" : "refused");
    }
}
