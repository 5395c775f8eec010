// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.event.RunCondition;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What is known of all runs. State is keyed by run, iteration and epoch, so events may come in any
 * order and any number of times. One thread writes, any number read.
 */
public final class ReadModel {

    private static final Comparator<RunRow> NEWEST_FIRST =
            Comparator.comparing(RunRow::startedAt).reversed().thenComparing(RunRow::runId);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RunId, Entry> runs = new HashMap<>();
    private final Set<String> selections = new HashSet<>();
    private long revision = Changes.BEGINNING;

    /** A run, and the revision at which it last changed. */
    private static final class Entry {
        private final RunHistory history;
        private long revision;

        private Entry(RunHistory history) {
            this.history = history;
        }
    }

    /**
     * @param at when the event was written
     */
    public Effect apply(Event event, Instant at) {
        return locked(
                () ->
                        switch (event) {
                            case RunRequested e -> {
                                Entry entry = touched(e.runId(), at);
                                yield entry.history.request(e, at);
                            }
                            case RunStatus e -> touched(e.runId(), at).history.status(e, at);
                            case RunCondition _ -> Effect.REPEATED;
                            case IterationEvent e ->
                                    touched(e.runId(), at).history.iteration(e, at);
                            case PolicyStatus e -> policyStatus(e, at);
                            case PolicySelected e ->
                                    selections.add(e.eventId()) ? Effect.NEW : Effect.REPEATED;
                        });
    }

    /** The policy of every run belongs to none. */
    private Effect policyStatus(PolicyStatus event, Instant at) {
        return event.target().equals(PolicySelected.DEFAULT_TARGET)
                ? selections.add(event.eventId()) ? Effect.NEW : Effect.REPEATED
                : touched(new RunId(event.target()), at).history.policyStatus(event, at);
    }

    /** A key of a compacted topic was deleted. */
    public void forget(Topic topic, RunId runId, Instant at) {
        locked(
                () -> {
                    switch (topic) {
                        case RUNS -> touched(runId, at).history.delete();
                        case RUN_STATUS -> touched(runId, at).history.forgetStatus();
                        case POLICY_STATUS -> touched(runId, at).history.forgetPolicyStatus();
                        case RUN_CONDITIONS,
                                PROGRESS,
                                SNAPSHOTS,
                                RANGES,
                                MEASUREMENTS,
                                POLICIES,
                                DECISIONS -> {}
                    }
                    return revision;
                });
    }

    /** All runs, the newest first. */
    public List<RunRow> rows() {
        return changesSince(Changes.BEGINNING).runs();
    }

    public Optional<RunView> run(RunId runId) {
        return locked(
                () ->
                        Optional.ofNullable(runs.get(runId))
                                .map(entry -> entry.history)
                                .filter(history -> !history.isDeleted())
                                .map(RunHistory::view));
    }

    /** The current state of every run that changed after a revision. */
    public Changes changesSince(long since) {
        return locked(
                () -> {
                    var changed =
                            runs.entrySet().stream()
                                    .filter(entry -> entry.getValue().revision > since)
                                    .toList();
                    return new Changes(
                            revision,
                            changed.stream()
                                    .map(entry -> entry.getValue().history)
                                    .filter(history -> !history.isDeleted())
                                    .map(RunHistory::row)
                                    .sorted(NEWEST_FIRST)
                                    .toList(),
                            since == Changes.BEGINNING
                                    ? List.of()
                                    : changed.stream()
                                            .filter(entry -> entry.getValue().history.isDeleted())
                                            .map(Map.Entry::getKey)
                                            .sorted()
                                            .toList());
                });
    }

    private Entry touched(RunId runId, Instant at) {
        Entry entry = runs.computeIfAbsent(runId, id -> new Entry(new RunHistory(id, at)));
        entry.revision = ++revision;
        return entry;
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
