// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

import dev.espalier.dashboard.domain.ReadModel;
import dev.espalier.dashboard.domain.RunRow;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the runs that have series of their own: those that have not ended, or ended a short while
 * ago, and of those no more than a bound.
 */
public final class ActiveRuns {

    private final ReadModel model;
    private final DashboardSettings settings;
    private final Clock clock;

    public ActiveRuns(ReadModel model, DashboardSettings settings, Clock clock) {
        this.model = model;
        this.settings = settings;
        this.clock = clock;
    }

    public List<RunRow> now() {
        Instant oldestEnd = clock.instant().minus(settings.seriesLinger());
        return model.rows().stream()
                .filter(run -> !run.state().isFinal() || run.updatedAt().isAfter(oldestEnd))
                .sorted(Comparator.comparing(RunRow::updatedAt).reversed())
                .limit(settings.maxActiveRuns())
                .toList();
    }
}
