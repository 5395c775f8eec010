// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The last decision of a run, in short.
 *
 * @param pruned number of active weights that go
 * @param remainingNext active(t + 1) / total; null after a roll-back, whose mask alone tells
 */
public record DecisionView(
        int iteration,
        Verdict verdict,
        @Nullable Outcome outcome,
        Reason reason,
        long pruned,
        @Nullable Double remainingNext) {

    static DecisionView of(PruningDecided event) {
        return new DecisionView(
                event.iteration(),
                event.verdict(),
                event.outcome(),
                event.reason(),
                event.pruned(),
                event.verdict() == Verdict.ROLL_BACK
                        ? null
                        : IterationHistory.ratio(event.active() - event.pruned(), event.total()));
    }
}
