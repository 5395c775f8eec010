// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.training.EpochResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One run, from acceptance to its end. Only the training thread touches it. Whatever interrupts it,
 * the phase that it was in is repeated, here or in another process.
 */
final class RunSession implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(RunSession.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunId run;
    private final Workshop workshop;
    private final BackOff backOff = new BackOff();
    private final RunCondition condition;
    private RunSpecification specification;
    private DesiredState desired;
    private Phase phase = new Phase.Opening();
    private boolean isForgotten;

    /** Whether nobody has reported its end. Until that is known, nothing is said of it. */
    private boolean isKnownToGoOn;

    private boolean isRefusalDue;

    RunSession(RunId run, RunSpecification specification, DesiredState desired, Workshop workshop) {
        this.run = run;
        this.specification = specification;
        this.desired = desired;
        this.workshop = workshop;
        this.condition = new RunCondition(run, report());
    }

    private RunReport report() {
        return new RunReport(run, specification, workshop.events(), workshop.clock());
    }

    RunId run() {
        return run;
    }

    /** Whether there is nothing left to do for it, in this process. */
    boolean isOver() {
        return isForgotten || hasEnded();
    }

    /** Whether it came to its end here. */
    boolean hasEnded() {
        return condition.isOver();
    }

    /** Whether the user wants it to go on, as far as is known. */
    boolean mayTrain() {
        return !isForgotten && desired == DesiredState.RUNNING;
    }

    /** Another trainer has it now, or nobody. Takes effect when training next asks. */
    void forget() {
        isForgotten = true;
    }

    /** The user asks again. A specification that differs is refused; the wish counts. */
    void request(RunSpecification requested, DesiredState wish) {
        if (!requested.equals(specification)) {
            isRefusalDue = true;
            sayRefusal();
        }
        desired = wish;
    }

    /** Says that the run is there, unless somebody said so before. */
    void greet() {
        if (workshop.reported().isComplete() && workshop.reported().last(run).isEmpty()) {
            condition.say();
        }
    }

    /** When it can next do something; empty while that depends on others. */
    Optional<Instant> due() {
        if (isOver()) {
            return Optional.empty();
        }
        return switch (phase) {
            case Phase.Waiting waiting -> Optional.of(later(waiting.remindAt(), backOff.due()));
            case Phase.Ready _, Phase.Training _ ->
                    mayTrain() ? Optional.of(backOff.due()) : Optional.empty();
            case Phase.Opening _, Phase.Storing _, Phase.Announcing _ -> Optional.of(backOff.due());
        };
    }

    private void sayRefusal() {
        if (isRefusalDue && isKnownToGoOn) {
            isRefusalDue = false;
            condition.refuse();
        }
    }

    /** Makes the state follow the user's wish. */
    void settle() {
        if (isKnownToGoOn) {
            condition.settle(desired);
            closeWhenOver();
        }
    }

    private void closeWhenOver() {
        if (hasEnded()) {
            close();
        }
    }

    /**
     * Obeys a decision on the iteration that waits for one; any other is an old one.
     *
     * @return false where it is not yet known which iteration that is
     */
    boolean decide(PruningDecided decision) {
        return switch (phase) {
            case Phase.Opening _ -> false;
            case Phase.Announcing announcing -> decide(decision, announcing.snapshot());
            case Phase.Waiting waiting -> decide(decision, waiting.snapshot());
            case Phase.Ready _, Phase.Training _, Phase.Storing _ -> true;
        };
    }

    private boolean decide(PruningDecided decision, SnapshotPublished snapshot) {
        if (snapshot.iteration() != decision.iteration()) {
            LOGGER.debugf("Run %s: decision on %d is not due", run, decision.iteration());
            return true;
        }
        LOGGER.infof(
                "Run %s: iteration %d: %s (%s)",
                run, decision.iteration(), decision.verdict().label(), decision.reason().message());
        collect(decision);
        int next = decision.iteration() + 1;
        switch (decision.verdict()) {
            case PRUNE, ROLL_BACK -> ready(next, decision.mask(), snapshot);
            case KEEP -> ready(next, snapshot.mask(), snapshot);
            case STOP -> {
                condition.stop(decision);
                closeWhenOver();
            }
        }
        return true;
    }

    /**
     * What the run no longer keeps goes. Where it cannot go now, it goes after the next decision.
     */
    private void collect(PruningDecided decision) {
        Integer kept = specification.kept();
        if (kept == null) {
            return;
        }
        GuardState guard = decision.guard();
        try {
            workshop.artifacts()
                    .collect(
                            run,
                            decision.iteration() - kept + 1,
                            guard == null ? null : guard.lastWithin());
        } catch (TryLaterException e) {
            LOGGER.warnf("Run %s: old weights are left for later: %s", run, e.getMessage());
        }
    }

    private void ready(int next, @Nullable ArtifactRef mask, SnapshotPublished snapshot) {
        phase = new Phase.Ready(new NextIteration(next, mask, snapshot.weights()));
    }

    /** Does what is next, up to the point where others have to act. */
    void advance(BooleanSupplier mayContinue) {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = step(mayContinue);
                backOff.succeeded();
                condition.recover();
            }
        } catch (TryLaterException e) {
            backOff.failed(workshop.clock().instant());
            if (isKnownToGoOn) {
                condition.heldUp(e);
            }
        } catch (RuntimeException | Error e) {
            // Errors too, such as a lack of memory: the thread goes on, and the run says why it
            // cannot.
            fail(e);
        }
        closeWhenOver();
    }

    private void fail(Throwable e) {
        Optional<Reason> known = Failure.known(e);
        if (known.isEmpty()) {
            LOGGER.errorf(e, "Run %s: unexpected failure", run);
        }
        if (phase instanceof Phase.Training training) {
            workshop.observer().iterationEnded(false, since(training.work().since()));
        }
        condition.fail(known.orElseGet(() -> Failure.unforeseen(e)));
    }

    private boolean step(BooleanSupplier mayContinue) {
        return switch (phase) {
            case Phase.Opening _ -> open();
            case Phase.Ready ready -> prepare(ready.plan());
            case Phase.Training training -> train(training.work(), mayContinue);
            case Phase.Storing storing -> store(storing.work(), storing.last());
            case Phase.Announcing announcing -> announce(announcing.snapshot(), PATIENCE);
            case Phase.Waiting waiting -> announce(waiting.snapshot(), waiting.patience());
        };
    }

    private boolean open() {
        Optional<RunStatus> reported = workshop.reported().last(run);
        if (reported.isPresent() && reported.get().state().isFinal()) {
            LOGGER.debugf("Run %s is %s", run, reported.get().state());
            forget();
            return false;
        }
        isKnownToGoOn = true;
        sayRefusal();
        RunSpecification accepted = workshop.artifacts().accept(run, specification);
        if (!accepted.equals(specification)) {
            isRefusalDue = true;
            sayRefusal();
            specification = accepted;
            condition.reportTo(report());
        }
        Optional<SnapshotPublished> last = workshop.artifacts().lastCheckpoint(run);
        if (last.isEmpty()) {
            phase = new Phase.Ready(NextIteration.FIRST);
            return false;
        }
        LOGGER.infof("Run %s: goes on after iteration %d", run, last.get().iteration());
        condition.report().trained(last.get().iteration(), last.get().metrics());
        condition.report().restartPace();
        phase = new Phase.Announcing(last.get());
        return true;
    }

    private boolean prepare(NextIteration plan) {
        condition.begin();
        DatasetSpec wanted = Objects.requireNonNull(specification.dataset(), "dataset");
        String model = Objects.requireNonNull(specification.model(), "model");
        Dataset dataset = workshop.datasets().load(wanted, specification.seed());
        Architecture architecture = Architecture.of(model, dataset.shape(), dataset.classes());
        condition.report().iteration(plan.number());
        condition.say();
        phase =
                new Phase.Training(
                        IterationWork.prepare(
                                run, specification, plan, dataset, architecture, workshop));
        return true;
    }

    private boolean train(IterationWork work, BooleanSupplier mayContinue) {
        var control = new ReportedTraining(work, condition, workshop.observer(), mayContinue);
        Optional<EpochResult> last = work.train(control);
        last.ifPresent(result -> phase = new Phase.Storing(work, result));
        return last.isPresent();
    }

    private boolean store(IterationWork work, EpochResult last) {
        Instant begun = workshop.clock().instant();
        SnapshotPublished snapshot;
        try {
            snapshot = work.store(last, workshop.artifacts());
        } catch (RuntimeException e) {
            workshop.observer().checkpointEnded(false, since(begun));
            throw e;
        }
        workshop.observer().checkpointEnded(true, since(begun));
        workshop.observer().iterationEnded(true, since(work.since()));
        LOGGER.infof(
                "Run %s: iteration %d trained in %.1f s, test accuracy %.4f",
                run,
                work.iteration(),
                since(work.since()).toMillis() / 1000.0,
                last.test().accuracy());
        condition.report().trained(snapshot.iteration(), snapshot.metrics());
        work.close();
        phase = new Phase.Announcing(snapshot);
        return true;
    }

    private boolean announce(SnapshotPublished snapshot, Duration patience) {
        condition.begin();
        workshop.events().publish(snapshot);
        phase = Phase.Waiting.since(workshop.clock().instant(), snapshot, patience);
        condition.say();
        return false;
    }

    private Duration since(Instant begun) {
        return Duration.between(begun, workshop.clock().instant());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Keeps what was trained of an iteration, for whoever goes on. */
    void keep() {
        if (phase instanceof Phase.Training training && !isForgotten) {
            training.work().keep();
        }
    }

    /** Frees the network, if there is one. */
    @Override
    public void close() {
        switch (phase) {
            case Phase.Training training -> training.work().close();
            case Phase.Storing storing -> storing.work().close();
            case Phase.Opening _, Phase.Ready _, Phase.Announcing _, Phase.Waiting _ -> {}
        }
        phase = new Phase.Opening();
    }
}
