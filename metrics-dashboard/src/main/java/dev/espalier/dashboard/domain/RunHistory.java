// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.sparsity.GroupIndex;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All events of one run, put together. Not safe for use by several threads. */
final class RunHistory {

    /**
     * Runs without an end go on for weeks: of more iterations the oldest but the first are
     * forgotten.
     */
    static final int MOST_ITERATIONS = 1_000;

    private final RunId runId;
    private final TreeMap<Integer, IterationHistory> iterations = new TreeMap<>();
    private @Nullable RunRequested request;
    private @Nullable RunStatus status;
    private @Nullable PolicyStatus policyStatus;
    private Instant firstHeardAt;
    private Instant updatedAt;
    private boolean deleted;

    RunHistory(RunId runId, Instant firstHeardAt) {
        this.runId = runId;
        this.firstHeardAt = firstHeardAt;
        this.updatedAt = firstHeardAt;
    }

    Effect request(RunRequested event, Instant at) {
        deleted = false;
        if (request != null && !event.requestedAt().isAfter(request.requestedAt())) {
            return Effect.REPEATED;
        }
        request = event;
        return heard(Effect.NEW, at);
    }

    Effect status(RunStatus event, Instant at) {
        if (status != null
                && (event.equals(status) || event.updatedAt().isBefore(status.updatedAt()))) {
            return Effect.REPEATED;
        }
        status = event;
        return heard(Effect.NEW, at);
    }

    /** All records of a run are in one partition, so their offsets order them. */
    Effect policyStatus(PolicyStatus event, Instant at) {
        if (policyStatus != null && event.offset() <= policyStatus.offset()) {
            return Effect.REPEATED;
        }
        policyStatus = event;
        return heard(Effect.NEW, at);
    }

    void forgetPolicyStatus() {
        policyStatus = null;
    }

    Effect iteration(IterationEvent event, Instant at) {
        if (isForgotten(event.iteration())) {
            return Effect.REPEATED;
        }
        Effect effect =
                iterations
                        .computeIfAbsent(event.iteration(), IterationHistory::new)
                        .apply(event, at);
        if (iterations.size() > MOST_ITERATIONS) {
            iterations.remove(oldestButFirst());
        }
        return heard(effect, at);
    }

    private boolean isForgotten(int iteration) {
        return iteration > 0
                && iterations.size() >= MOST_ITERATIONS
                && iteration < oldestButFirst();
    }

    /** With two iterations or more there is one. */
    private int oldestButFirst() {
        return iterations.higherKey(0);
    }

    /** The request was deleted, and with it the run, until it is requested again. */
    void delete() {
        request = null;
        deleted = true;
    }

    void forgetStatus() {
        status = null;
    }

    boolean isDeleted() {
        return deleted;
    }

    private Effect heard(Effect effect, Instant at) {
        if (effect == Effect.NEW) {
            firstHeardAt = at.isBefore(firstHeardAt) ? at : firstHeardAt;
            updatedAt = at.isAfter(updatedAt) ? at : updatedAt;
        }
        return effect;
    }

    RunView view() {
        return new RunView(
                row(),
                specification(),
                iterations.values().stream().map(IterationHistory::view).toList());
    }

    RunRow row() {
        RunSpecification specification = specification();
        PruningDecided decision = lastDecision();
        ReportedState state = StateRule.state(request, status, decision, isStarted());
        IterationHistory measured = last(IterationHistory::isMeasured);
        Integer planned = StateRule.iterations(specification, status);
        return new RunRow(
                runId,
                state,
                request == null ? null : request.desired(),
                activity(state, decision),
                specification == null ? null : specification.trainer(),
                specification == null ? null : specification.model(),
                specification == null || specification.dataset() == null
                        ? null
                        : specification.dataset().name(),
                decision == null ? null : decision.policy(),
                policyStatus == null ? null : policyStatus.reason(),
                iteration(),
                planned,
                StateRule.progress(state, status, decision, planned),
                status == null || state.isFinal() ? null : status.etaSeconds(),
                reason(state, decision),
                measured == null ? null : measured.total(),
                measured == null ? null : measured.active(),
                measured == null
                        ? null
                        : IterationHistory.ratio(measured.active(), measured.total()),
                firstPair(measured),
                metrics(),
                iterations.containsKey(0) ? iterations.get(0).metrics() : List.of(),
                decision == null ? null : DecisionView.of(decision),
                epoch(state),
                request == null ? firstHeardAt : request.requestedAt(),
                lastIterationAt(),
                updatedAt);
    }

    private @Nullable RunSpecification specification() {
        return request == null ? null : request.specification();
    }

    private boolean isStarted() {
        return !iterations.isEmpty();
    }

    private int iteration() {
        int reported = status == null ? 0 : status.iteration();
        return iterations.isEmpty() ? reported : Math.max(reported, iterations.lastKey());
    }

    private @Nullable PruningDecided lastDecision() {
        IterationHistory decided = last(iteration -> iteration.decision() != null);
        return decided == null ? null : decided.decision();
    }

    private @Nullable RunActivity activity(ReportedState state, @Nullable PruningDecided decision) {
        if (state != ReportedState.RUNNING
                || (decision != null && decision.verdict() == Verdict.STOP)) {
            return null;
        }
        IterationHistory current = iterations.get(iteration());
        return current == null || current.decision() != null
                ? RunActivity.TRAINING
                : current.activity();
    }

    private @Nullable Reason reason(ReportedState state, @Nullable PruningDecided decision) {
        if (status != null && status.reason() != null) {
            return status.reason();
        }
        return state.isFinal() && decision != null && decision.verdict() == Verdict.STOP
                ? decision.reason()
                : null;
    }

    private List<Metric> metrics() {
        IterationHistory trained = last(iteration -> !iteration.metrics().isEmpty());
        if (trained != null) {
            return trained.metrics();
        }
        return status == null ? List.of() : status.metrics();
    }

    private @Nullable EpochView epoch(ReportedState state) {
        IterationHistory current = iterations.get(iteration());
        return state.isFinal() || current == null || current.isTrained()
                ? null
                : current.lastEpoch();
    }

    private @Nullable Instant lastIterationAt() {
        IterationHistory trained = last(iteration -> iteration.trainedAt() != null);
        return trained == null ? null : trained.trainedAt();
    }

    private static @Nullable GroupIndex firstPair(@Nullable IterationHistory measured) {
        return measured == null || measured.pqi().isEmpty() ? null : measured.pqi().getFirst();
    }

    private @Nullable IterationHistory last(Predicate<IterationHistory> condition) {
        return iterations.descendingMap().entrySet().stream()
                .map(Map.Entry::getValue)
                .filter(condition)
                .findFirst()
                .orElse(null);
    }
}
