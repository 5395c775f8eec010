// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

import dev.espalier.dashboard.domain.Changes;
import dev.espalier.dashboard.domain.ReadModel;
import dev.espalier.dashboard.domain.RunRow;
import dev.espalier.dashboard.domain.RunView;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.ReportedState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers what is known about the runs. */
public final class BrowseRuns {

    private final ReadModel model;
    private final ReadingProgress progress;

    public BrowseRuns(ReadModel model, ReadingProgress progress) {
        this.model = model;
        this.progress = progress;
    }

    /** Before this, a run that is missing may exist all the same. */
    public boolean isCaughtUp() {
        return progress.isCaughtUp();
    }

    /** The runs in one of the states, the newest first. */
    public List<RunRow> in(Set<ReportedState> states) {
        return model.rows().stream().filter(run -> states.contains(run.state())).toList();
    }

    public Optional<RunView> find(RunId runId) {
        return model.run(runId);
    }

    public Changes changesSince(long revision) {
        return model.changesSince(revision);
    }
}
