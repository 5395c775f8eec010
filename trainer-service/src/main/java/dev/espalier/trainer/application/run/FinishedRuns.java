// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.RunId;
import dev.espalier.trainer.application.ReportedRuns;
import dev.espalier.trainer.application.run.RunTurns.Message.Requested;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The runs that are over. Another trainer that did not know yet that it had lost a run may have had
 * the last word about it: then the run is opened again, and comes to the same end.
 */
final class FinishedRuns {

    /** How often that is looked at; longer than it takes to read one's own last word. */
    private static final Duration VIGIL = Duration.ofMinutes(1);

    private record Entry(Requested asked, Instant lookAt) {}

    private final ReportedRuns reported;
    private final Map<RunId, Entry> entries = new HashMap<>();

    FinishedRuns(ReportedRuns reported) {
        this.reported = reported;
    }

    /**
     * @param asked last for it
     */
    void add(Requested asked, Instant now) {
        entries.put(run(asked), new Entry(asked, now.plus(VIGIL)));
    }

    /** Whether a run that is asked for again is one of them. */
    boolean renew(Requested asked) {
        return entries.computeIfPresent(
                        run(asked), (_, before) -> new Entry(asked, before.lookAt()))
                != null;
    }

    void remove(RunId run) {
        entries.remove(run);
    }

    /** What was last asked for each. */
    Stream<Requested> all() {
        return entries.values().stream().map(Entry::asked);
    }

    /** Those that are to be opened again; they are none of these any more. */
    List<Requested> takeReopened(Instant now) {
        List<Requested> reopened = new ArrayList<>();
        if (!reported.isComplete()) {
            return reopened;
        }
        for (Entry entry : List.copyOf(entries.values())) {
            if (!entry.lookAt().isAfter(now)) {
                RunId run = run(entry.asked());
                if (reported.last(run).map(last -> last.state().isFinal()).orElse(true)) {
                    add(entry.asked(), now);
                } else {
                    remove(run);
                    reopened.add(entry.asked());
                }
            }
        }
        return reopened;
    }

    private static RunId run(Requested asked) {
        return asked.request().runId();
    }
}
