// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.trainer.application.CheckpointPlan;
import dev.espalier.trainer.application.EventPublisher;
import dev.espalier.trainer.application.ReportedRuns;
import dev.espalier.trainer.application.RunArtifacts;
import dev.espalier.trainer.application.TrainingEngine;
import dev.espalier.trainer.application.TrainingObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The training thread, which takes the turns of the runs for as long as the process lives. */
public final class TrainRuns implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(TrainRuns.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(25);

    private final RunTurns turns;
    private final Thread thread;

    public TrainRuns(
            RunArtifacts artifacts,
            EventPublisher events,
            ReportedRuns reported,
            TrainingEngine engine,
            TrainingObserver observer,
            CheckpointPlan checkpoints,
            Clock clock) {
        this.turns =
                new RunTurns(artifacts, events, reported, engine, observer, checkpoints, clock);
        this.thread = new Thread(this::work, "training");
    }

    public void start() {
        thread.start();
    }

    /** Whether the training thread lives. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /**
     * A run is to be, or to be otherwise.
     *
     * @param partition of the topic of runs; who has it has the run
     */
    public void requested(RunRequested request, int partition) {
        turns.requested(request, partition);
    }

    /** A run was deleted. */
    public void deleted(RunId run) {
        turns.deleted(run);
    }

    public void decided(PruningDecided decision) {
        turns.decided(decision);
    }

    /** Other trainers have these partitions of the topic of runs now. */
    public void released(Collection<Integer> lost) {
        turns.released(lost);
    }

    private void work() {
        LOGGER.debug("Training thread started");
        try {
            while (!turns.isStopped()) {
                Optional<Duration> idle = turns.turn();
                if (idle.isPresent()) {
                    turns.await(idle.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            turns.end();
        }
    }

    /** Ends training before the next batch, and keeps the state within the iteration. */
    @Override
    public void close() {
        turns.stop();
        try {
            if (!thread.join(CLOSE_WITHIN)) {
                LOGGER.warnf("Training did not end within %s", CLOSE_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
