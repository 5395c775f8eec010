// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

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
import dev.espalier.trainer.application.RunServices;
import dev.espalier.trainer.application.TryLaterException;
import dev.espalier.trainer.application.iteration.IterationWork;
import dev.espalier.trainer.application.iteration.NextIteration;
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
 * the step that it was in is repeated, here or in another process.
 */
final class RunSession implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(RunSession.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunId run;
    private final RunServices services;
    private final BackOff backOff = new BackOff();
    private final RunCondition condition;
    private RunSpecification specification;
    private DesiredState desired;
    private SessionStep step = new SessionStep.Opening();
    private boolean isForgotten;

    /** Whether nobody has reported its end. Until that is known, nothing is said of it. */
    private boolean isKnownToGoOn;

    private boolean isRefusalDue;

    RunSession(
            RunId run, RunSpecification specification, DesiredState desired, RunServices services) {
        this.run = run;
        this.specification = specification;
        this.desired = desired;
        this.services = services;
        this.condition = new RunCondition(run, report());
    }

    private StatusReporter report() {
        return new StatusReporter(run, specification, services.events(), services.clock());
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
        if (services.reported().isComplete() && services.reported().last(run).isEmpty()) {
            condition.say();
        }
    }

    /** When it can next do something; empty while that depends on others. */
    Optional<Instant> due() {
        if (isOver()) {
            return Optional.empty();
        }
        return switch (step) {
            case SessionStep.Waiting waiting ->
                    Optional.of(later(waiting.remindAt(), backOff.due()));
            case SessionStep.Ready _, SessionStep.Training _ ->
                    mayTrain() ? Optional.of(backOff.due()) : Optional.empty();
            case SessionStep.Opening _, SessionStep.Storing _, SessionStep.Announcing _ ->
                    Optional.of(backOff.due());
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
        return switch (step) {
            case SessionStep.Opening _ -> false;
            case SessionStep.Announcing announcing -> decide(decision, announcing.snapshot());
            case SessionStep.Waiting waiting -> decide(decision, waiting.snapshot());
            case SessionStep.Ready _, SessionStep.Training _, SessionStep.Storing _ -> true;
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
            services.artifacts()
                    .collect(
                            run,
                            decision.iteration() - kept + 1,
                            guard == null ? null : guard.lastWithin());
        } catch (TryLaterException e) {
            LOGGER.warnf("Run %s: old weights are left for later: %s", run, e.getMessage());
        }
    }

    private void ready(int next, @Nullable ArtifactRef mask, SnapshotPublished snapshot) {
        step = new SessionStep.Ready(new NextIteration(next, mask, snapshot.weights()));
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
            backOff.failed(services.clock().instant());
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
        if (step instanceof SessionStep.Training training) {
            services.observer().iterationEnded(false, since(training.work().since()));
        }
        condition.fail(known.orElseGet(() -> Failure.unforeseen(e)));
    }

    private boolean step(BooleanSupplier mayContinue) {
        return switch (step) {
            case SessionStep.Opening _ -> open();
            case SessionStep.Ready ready -> prepare(ready.plan());
            case SessionStep.Training training -> train(training.work(), mayContinue);
            case SessionStep.Storing storing -> store(storing.work(), storing.last());
            case SessionStep.Announcing announcing -> announce(announcing.snapshot(), PATIENCE);
            case SessionStep.Waiting waiting -> announce(waiting.snapshot(), waiting.patience());
        };
    }

    private boolean open() {
        Optional<RunStatus> reported = services.reported().last(run);
        if (reported.isPresent() && reported.get().state().isFinal()) {
            LOGGER.debugf("Run %s is %s", run, reported.get().state());
            forget();
            return false;
        }
        isKnownToGoOn = true;
        sayRefusal();
        RunSpecification accepted = services.artifacts().accept(run, specification);
        if (!accepted.equals(specification)) {
            isRefusalDue = true;
            sayRefusal();
            specification = accepted;
            condition.reportTo(report());
        }
        Optional<SnapshotPublished> last = services.artifacts().lastCheckpoint(run);
        if (last.isEmpty()) {
            step = new SessionStep.Ready(NextIteration.FIRST);
            return false;
        }
        LOGGER.infof("Run %s: goes on after iteration %d", run, last.get().iteration());
        condition.report().trained(last.get().iteration(), last.get().metrics());
        condition.report().restartPace();
        step = new SessionStep.Announcing(last.get());
        return true;
    }

    private boolean prepare(NextIteration plan) {
        condition.begin();
        DatasetSpec wanted = Objects.requireNonNull(specification.dataset(), "dataset");
        String model = Objects.requireNonNull(specification.model(), "model");
        Dataset dataset = services.datasets().load(wanted, specification.seed());
        Architecture architecture = Architecture.of(model, dataset.shape(), dataset.classes());
        condition.report().iteration(plan.number());
        condition.say();
        step =
                new SessionStep.Training(
                        IterationWork.prepare(
                                run, specification, plan, dataset, architecture, services));
        return true;
    }

    private boolean train(IterationWork work, BooleanSupplier mayContinue) {
        var control = new ReportedTraining(work, condition, services.observer(), mayContinue);
        Optional<EpochResult> last = work.train(control);
        last.ifPresent(result -> step = new SessionStep.Storing(work, result));
        return last.isPresent();
    }

    private boolean store(IterationWork work, EpochResult last) {
        Instant begun = services.clock().instant();
        SnapshotPublished snapshot;
        try {
            snapshot = work.store(last, services.artifacts());
        } catch (RuntimeException e) {
            services.observer().checkpointEnded(false, since(begun));
            throw e;
        }
        services.observer().checkpointEnded(true, since(begun));
        services.observer().iterationEnded(true, since(work.since()));
        LOGGER.infof(
                "Run %s: iteration %d trained in %.1f s, test accuracy %.4f",
                run,
                work.iteration(),
                since(work.since()).toMillis() / 1000.0,
                last.test().accuracy());
        condition.report().trained(snapshot.iteration(), snapshot.metrics());
        work.close();
        step = new SessionStep.Announcing(snapshot);
        return true;
    }

    private boolean announce(SnapshotPublished snapshot, Duration patience) {
        condition.begin();
        services.events().publish(snapshot);
        step = SessionStep.Waiting.since(services.clock().instant(), snapshot, patience);
        condition.say();
        return false;
    }

    private Duration since(Instant begun) {
        return Duration.between(begun, services.clock().instant());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Keeps what was trained of an iteration, for whoever goes on. */
    void keep() {
        if (step instanceof SessionStep.Training training && !isForgotten) {
            training.work().keep();
        }
    }

    /** Frees the network, if there is one. */
    @Override
    public void close() {
        switch (step) {
            case SessionStep.Training training -> training.work().close();
            case SessionStep.Storing storing -> storing.work().close();
            case SessionStep.Opening _,
                    SessionStep.Ready _,
                    SessionStep.Announcing _,
                    SessionStep.Waiting _ -> {}
        }
        step = new SessionStep.Opening();
    }
}
