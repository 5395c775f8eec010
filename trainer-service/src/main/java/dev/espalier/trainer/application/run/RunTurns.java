// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.trainer.application.CheckpointPlan;
import dev.espalier.trainer.application.Datasets;
import dev.espalier.trainer.application.EventPublisher;
import dev.espalier.trainer.application.ReportedRuns;
import dev.espalier.trainer.application.RunArtifacts;
import dev.espalier.trainer.application.RunServices;
import dev.espalier.trainer.application.TrainingEngine;
import dev.espalier.trainer.application.TrainingObserver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The runs and their inbox. Messages are put in from anywhere and read between two batches;
 * everything else happens on the one thread that takes the turns, so no run needs a lock, and no
 * message waits for training. Runs take turns by iteration: while one waits for its decision,
 * others train.
 */
public final class RunTurns {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final int MOST_EARLY_DECISIONS = 1000;

    sealed interface Message {
        record Requested(RunRequested request, int partition) implements Message {}

        record Deleted(RunId run) implements Message {}

        record Decided(PruningDecided decision) implements Message {}

        record Released(Set<Integer> partitions) implements Message {}

        record Wake() implements Message {}
    }

    private final BlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
    private final RunServices services;
    private final Clock clock;
    private volatile boolean isStopped;

    /** From here on: the training thread's own. */
    private final Map<RunId, RunSession> sessions = new LinkedHashMap<>();

    private final Map<RunId, Message.Requested> asked = new HashMap<>();

    /** The last decision on runs that are not open yet; one that gets lost here comes again. */
    private final Map<RunId, PruningDecided> early =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<RunId, PruningDecided> eldest) {
                    return size() > MOST_EARLY_DECISIONS;
                }
            };

    private final FinishedRuns finished;
    private @Nullable RunSession inWork;

    public RunTurns(
            RunArtifacts artifacts,
            EventPublisher events,
            ReportedRuns reported,
            TrainingEngine engine,
            TrainingObserver observer,
            CheckpointPlan checkpoints,
            Clock clock) {
        this.services =
                new RunServices(
                        artifacts,
                        events,
                        reported,
                        engine,
                        new Datasets(),
                        observer,
                        checkpoints,
                        clock);
        this.clock = clock;
        this.finished = new FinishedRuns(reported);
    }

    /**
     * A run is to be, or to be otherwise.
     *
     * @param partition of the topic of runs; who has it has the run
     */
    public void requested(RunRequested request, int partition) {
        inbox.add(new Message.Requested(request, partition));
    }

    /** A run was deleted. */
    public void deleted(RunId run) {
        inbox.add(new Message.Deleted(run));
    }

    public void decided(PruningDecided decision) {
        inbox.add(new Message.Decided(decision));
    }

    /** Other trainers have these partitions of the topic of runs now. */
    public void released(Collection<Integer> lost) {
        inbox.add(new Message.Released(Set.copyOf(lost)));
    }

    /** No training goes on after this, and no turn should be taken. */
    public void stop() {
        isStopped = true;
        inbox.add(new Message.Wake());
    }

    boolean isStopped() {
        return isStopped;
    }

    /**
     * Does what is due: at most one iteration of one run.
     *
     * @return empty where something was done; else how long nothing is due, unless messages come
     */
    public Optional<Duration> turn() {
        drain();
        sessions.values().forEach(RunSession::settle);
        removeFinished();
        Instant now = clock.instant();
        finished.takeReopened(now).forEach(this::request);
        Optional<RunSession> next =
                sessions.values().stream().filter(s -> isDue(s, now)).findFirst();
        if (next.isPresent()) {
            advance(next.get());
            return Optional.empty();
        }
        return Optional.of(untilDue(now));
    }

    /** Waits for a message, and takes it. */
    void await(Duration atMost) throws InterruptedException {
        Message message = inbox.poll(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
        if (message != null) {
            apply(message);
        }
    }

    /** Keeps what was trained within iterations, and lets go of every run. */
    public void end() {
        sessions.values().forEach(RunTurns::end);
    }

    private static void end(RunSession session) {
        try {
            session.keep();
        } finally {
            session.close();
        }
    }

    private void advance(RunSession session) {
        inWork = session;
        session.advance(
                () -> {
                    drain();
                    return !isStopped && session.mayTrain();
                });
        inWork = null;
        PruningDecided decision = early.remove(session.run());
        if (decision != null) {
            decide(decision);
        }
        if (session.isOver()) {
            session.close();
        }
        if (sessions.remove(session.run(), session)) {
            sessions.put(session.run(), session);
        }
    }

    private static boolean isDue(RunSession session, Instant now) {
        return session.due().filter(due -> !due.isAfter(now)).isPresent();
    }

    private Duration untilDue(Instant now) {
        return sessions.values().stream()
                .flatMap(session -> session.due().stream())
                .map(due -> Duration.between(now, due))
                .min(Duration::compareTo)
                .filter(d -> d.compareTo(LONGEST_WAIT) < 0)
                .orElse(LONGEST_WAIT);
    }

    private void drain() {
        for (Message message = inbox.poll(); message != null; message = inbox.poll()) {
            apply(message);
        }
    }

    private void apply(Message message) {
        switch (message) {
            case Message.Requested requested -> request(requested);
            case Message.Deleted deleted -> forget(deleted.run());
            case Message.Decided decided -> decide(decided.decision());
            case Message.Released released ->
                    Stream.concat(asked.values().stream(), finished.all())
                            .filter(of -> released.partitions().contains(of.partition()))
                            .map(of -> of.request().runId())
                            .toList()
                            .forEach(this::forget);
            case Message.Wake _ -> {}
        }
    }

    private void request(Message.Requested message) {
        RunRequested request = message.request();
        RunId run = request.runId();
        if (request.specification().trainer() == TrainerKind.EXTERNAL || finished.renew(message)) {
            return;
        }
        asked.put(run, message);
        RunSession session = sessions.get(run);
        if (session != null && session.hasEnded()) {
            return;
        }
        if (session == null || session.isOver()) {
            session = new RunSession(run, request.specification(), request.desired(), services);
            sessions.put(run, session);
            session.greet();
            return;
        }
        session.request(request.specification(), request.desired());
        if (session != inWork) {
            session.settle();
        }
    }

    private void decide(PruningDecided decision) {
        RunSession session = sessions.get(decision.runId());
        if (session == null || !session.decide(decision)) {
            early.put(decision.runId(), decision);
        }
    }

    private void forget(RunId run) {
        asked.remove(run);
        finished.remove(run);
        RunSession session = sessions.get(run);
        if (session != null) {
            session.forget();
        }
    }

    private void removeFinished() {
        for (RunSession session : List.copyOf(sessions.values())) {
            if (session.isOver()) {
                session.close();
                sessions.remove(session.run());
                Message.Requested last = asked.remove(session.run());
                if (last != null) {
                    finished.add(last, clock.instant());
                }
            }
        }
    }
}
