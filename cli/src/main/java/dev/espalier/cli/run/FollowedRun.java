// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one run while it is followed, event by event. Events may be repeated, and those
 * of different topics may come in any order.
 */
public final class FollowedRun {

    /** How long one of two events that end a run waits for the other. */
    static final Duration GRACE = Duration.ofSeconds(20);

    private final RunId runId;
    private final SortedMap<Integer, IterationRow> rows = new TreeMap<>();
    private @Nullable TrainerKind trainer;
    private @Nullable DesiredState desired;
    private @Nullable RunStatus status;
    private @Nullable PruningDecided stop;
    private @Nullable EpochCompleted epoch;
    private @Nullable Instant firstEndSeen;

    public FollowedRun(RunId runId) {
        this.runId = runId;
    }

    /**
     * @param reason why, where there is one to tell
     */
    public record Ending(ReportedState state, @Nullable String reason) {}

    /**
     * @return the row of an iteration that was not known before
     */
    public Optional<IterationRow> hear(Event event, Instant now) {
        if (!event.key().equals(runId.value())) {
            return Optional.empty();
        }
        Optional<IterationRow> row = Optional.empty();
        switch (event) {
            case RunRequested e -> {
                trainer = e.specification().trainer();
                desired = e.desired();
            }
            case RunStatus e -> status = e;
            case EpochCompleted e -> epoch = e;
            case PruningDecided e -> row = decided(e);
            default -> {}
        }
        if (firstEndSeen == null && (stop != null || isFinal())) {
            firstEndSeen = now;
        }
        return row;
    }

    private Optional<IterationRow> decided(PruningDecided decision) {
        IterationRow row = IterationRow.of(decision);
        if (rows.putIfAbsent(decision.iteration(), row) != null) {
            return Optional.empty();
        }
        if (decision.outcome() != null) {
            stop = decision;
        }
        return Optional.of(row);
    }

    /** How the run has ended, once it has. */
    public Optional<Ending> ending(Instant now) {
        @Nullable RunStatus last = status;
        @Nullable PruningDecided stopped = stop;
        boolean complete = isFinal() && (stopped != null || last == null || !isCompleted(last));
        boolean longEnough =
                firstEndSeen != null && Duration.between(firstEndSeen, now).compareTo(GRACE) >= 0;
        if (stopped != null
                && stopped.outcome() != null
                && (complete || longEnough || trainer == TrainerKind.EXTERNAL)) {
            return Optional.of(
                    new Ending(KnownState.state(stopped.outcome()), stopped.reason().message()));
        }
        if (last != null && isFinal() && (complete || longEnough)) {
            return Optional.of(
                    new Ending(
                            last.state(), last.reason() == null ? null : last.reason().message()));
        }
        if (trainer == TrainerKind.EXTERNAL && desired == DesiredState.STOPPED) {
            return Optional.of(new Ending(ReportedState.STOPPED, "it was asked to stop"));
        }
        return Optional.empty();
    }

    private boolean isFinal() {
        return status != null && status.state().isFinal();
    }

    private static boolean isCompleted(RunStatus status) {
        return status.state() == ReportedState.COMPLETED;
    }

    /** In the order of the iterations. */
    public List<IterationRow> rows() {
        return List.copyOf(rows.values());
    }

    public RunReport report(Ending ending) {
        return new RunReport(runId, rows(), KnownState.label(ending.state()));
    }

    /** The iteration in work. */
    public int iteration() {
        int decided = rows.isEmpty() ? 0 : rows.lastKey() + 1;
        int trained = epoch == null ? 0 : epoch.iteration();
        int reported = status == null ? 0 : status.iteration();
        return Math.max(decided, Math.max(trained, reported));
    }

    /** N, where the trainer knows it. */
    public @Nullable Integer iterations() {
        return status == null ? null : status.iterations();
    }

    public @Nullable RunStatus status() {
        return status;
    }

    /** The last epoch of the iteration in work; null before its first is over. */
    public @Nullable EpochCompleted epoch() {
        return epoch != null && epoch.iteration() == iteration() ? epoch : null;
    }

    static @Nullable Double accuracy(List<Metric> metrics) {
        return IterationRow.accuracy(metrics);
    }
}
