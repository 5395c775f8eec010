// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.event.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last decision of a run, in short.
 *
 * @param pruned number of active weights that go
 * @param remainingNext active(t + 1) / total; null after a roll-back, whose mask alone tells
 * @param shadows of the policy, in its order
 */
public record DecisionView(
        int iteration,
        Verdict verdict,
        @Nullable Outcome outcome,
        Reason reason,
        long pruned,
        @Nullable Double remainingNext,
        List<ShadowView> shadows) {

    /**
     * What a shadow would have taken.
     *
     * @param ratio of the active weights
     * @param overlap part of it that goes in truth; null where nothing goes, or nothing would
     * @param note why it has nothing to say
     */
    public record ShadowView(
            String name,
            long pruned,
            @Nullable Double ratio,
            @Nullable Double overlap,
            @Nullable String note) {

        static ShadowView of(ShadowOutcome outcome, long active) {
            Long both = outcome.overlap();
            return new ShadowView(
                    outcome.name(),
                    outcome.pruned(),
                    outcome.note() == null
                            ? IterationHistory.ratio(outcome.pruned(), active)
                            : null,
                    both == null || outcome.pruned() == 0
                            ? null
                            : IterationHistory.ratio(both, outcome.pruned()),
                    outcome.note());
        }
    }

    static DecisionView of(PruningDecided event) {
        return new DecisionView(
                event.iteration(),
                event.verdict(),
                event.outcome(),
                event.reason(),
                event.pruned(),
                event.verdict() == Verdict.ROLL_BACK
                        ? null
                        : IterationHistory.ratio(event.active() - event.pruned(), event.total()),
                event.shadows() == null
                        ? List.of()
                        : event.shadows().stream()
                                .map(shadow -> ShadowView.of(shadow, event.active()))
                                .toList());
    }
}
