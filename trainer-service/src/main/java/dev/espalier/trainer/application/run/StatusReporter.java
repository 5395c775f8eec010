// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.trainer.application.EventPublisher;
import dev.espalier.trainer.application.iteration.Metrics;
import dev.espalier.trainer.domain.lifecycle.Progress;
import dev.espalier.trainer.domain.lifecycle.RunState;
import dev.espalier.trainer.domain.lifecycle.Throughput;
import dev.espalier.trainer.domain.training.EpochResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says how a run is going: a status at every change and at epochs, but not too often, and every few
 * seconds while a long epoch lasts.
 */
final class StatusReporter {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration WITHIN_EPOCHS = Duration.ofSeconds(5);

    private final RunId run;
    private final EventPublisher events;
    private final Clock clock;
    private final int epochs;
    private final Progress progress;
    private final Throughput throughput;
    private int iteration;
    private List<Metric> metrics = List.of();
    private Instant lastSaid = Instant.EPOCH;
    private Instant epochStarted;
    private long imagesBeforeEpoch;

    StatusReporter(RunId run, RunSpecification specification, EventPublisher events, Clock clock) {
        this.run = run;
        this.events = events;
        this.clock = clock;
        this.epochs = specification.training().epochs();
        this.progress = new Progress(epochs, iterations(specification), 0, clock.instant());
        this.throughput = new Throughput(clock.instant());
        this.epochStarted = clock.instant();
    }

    /** An iteration is next. */
    void iteration(int number) {
        iteration = number;
    }

    /**
     * Training of an iteration begins, or goes on.
     *
     * @param images that it was trained on before
     */
    void training(int number, long images) {
        iteration = number;
        epochStarted = clock.instant();
        imagesBeforeEpoch = images;
        throughput.restart(epochStarted, images);
    }

    /**
     * Training is about to take the next batch.
     *
     * @param images of this iteration so far, over all its epochs
     * @param epochsDone the same in epochs
     */
    void goingOn(long images, double epochsDone, RunState state) {
        Instant now = clock.instant();
        if (Duration.between(lastSaid, now).compareTo(WITHIN_EPOCHS) >= 0) {
            progress.reached(iteration, epochsDone);
            throughput.look(now, images);
            say(state);
        }
    }

    /** An iteration is stored, by this process or one before it. */
    void trained(int number, List<Metric> latest) {
        iteration = number;
        metrics = latest;
        progress.reached(number, epochs);
    }

    /** Measures the pace from here on. */
    void restartPace() {
        progress.restart(clock.instant());
    }

    /**
     * Returns how long the epoch took.
     *
     * @param images of this iteration so far
     */
    Duration epochCompleted(EpochResult result, long images, RunState state) {
        Instant now = clock.instant();
        Duration duration = Duration.between(epochStarted, now);
        double rate = Throughput.perSecond(images - imagesBeforeEpoch, duration);
        epochStarted = now;
        imagesBeforeEpoch = images;
        throughput.look(now, images);
        metrics = Metrics.ofEpoch(result);
        int number = result.epoch() + 1;
        progress.reached(iteration, number);
        events.announce(
                new EpochCompleted(
                        run,
                        iteration,
                        number,
                        epochs,
                        result.learningRate(),
                        seconds(duration),
                        rate,
                        metrics));
        if (Duration.between(lastSaid, now).compareTo(EVERY) >= 0) {
            say(state);
        }
        return duration;
    }

    /** Publishes the status. */
    void say(RunState state) {
        say(state, state.reason());
    }

    /** Publishes the status with a reason that is not the state's own. */
    void say(RunState state, @Nullable Reason reason) {
        Instant now = clock.instant();
        lastSaid = now;
        boolean isOver = state.reported().isFinal();
        events.announce(
                new RunStatus(
                        run,
                        state.reported(),
                        iteration,
                        progress.iterations(),
                        state.reported() == ReportedState.COMPLETED ? 1 : progress.ratio(),
                        isOver
                                ? null
                                : progress.remaining(now).map(StatusReporter::seconds).orElse(null),
                        isOver ? null : throughput.latest().orElse(null),
                        reason,
                        metrics,
                        now));
    }

    /** N of the run itself or of its own policy, whichever ends it first. */
    private static @Nullable Integer iterations(RunSpecification specification) {
        Integer own = specification.iterations();
        Policy policy = specification.policy();
        Integer planned = policy == null ? null : policy.stop().iterations();
        if (own == null || planned == null) {
            return own == null ? planned : own;
        }
        return Math.min(own, planned);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
