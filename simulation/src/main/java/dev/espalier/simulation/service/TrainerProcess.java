// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.simulation.bus.Subscription;
import dev.espalier.simulation.bus.View;
import dev.espalier.simulation.schedule.Actor;
import dev.espalier.simulation.schedule.Life;
import dev.espalier.trainer.adapter.objectstore.StoredArtifacts;
import dev.espalier.trainer.application.CheckpointPlan;
import dev.espalier.trainer.application.EventPublisher;
import dev.espalier.trainer.application.ReportedRuns;
import dev.espalier.trainer.application.TrainerSettings;
import dev.espalier.trainer.application.TrainingObserver;
import dev.espalier.trainer.application.TryLaterException;
import dev.espalier.trainer.application.run.RunTurns;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * trainer-service: its runs, sessions and artefacts as they are, consumers in the order that its
 * RunsConsumer, RunsAssignment and DecisionsConsumer have, and a network that is quickly trained.
 */
public final class TrainerProcess {

    private static final long STATUS_PATIENCE = 10_000;

    private final World world;
    private final Life process;
    private final EventCodec codec;
    private final RunTurns turns;
    private final Outbox outbox;
    private final Set<Integer> owned = new HashSet<>();
    private Map<Integer, Long> committed = Map.of();
    private @Nullable Actor training;
    private boolean isStopping;

    private TrainerProcess(
            World world,
            Life process,
            EventCodec codec,
            CheckpointPlan checkpoints,
            LongSupplier batchMillis) {
        this.world = world;
        this.process = process;
        this.codec = codec;
        this.outbox = new Outbox(world, process, codec);
        this.turns =
                new RunTurns(
                        new StoredArtifacts(
                                new ProcessStore(world, process),
                                new TrainerSettings(1, world.folder(), checkpoints)),
                        new Events(),
                        new Statuses(),
                        architecture ->
                                new SoftmaxNetwork(
                                        architecture,
                                        world.mutation(),
                                        () -> trainBatch(batchMillis.getAsLong())),
                        new SilentObserver(),
                        checkpoints,
                        world.timeline().clock());
    }

    /**
     * @param batchMillis how long the next batch takes
     */
    public static TrainerProcess start(
            World world,
            Life process,
            EventCodec codec,
            CheckpointPlan checkpoints,
            LongSupplier batchMillis) {
        var service = new TrainerProcess(world, process, codec, checkpoints, batchMillis);
        service.training = world.timeline().start(process, service::train);
        var runs = new Subscription(world.groups().trainerRuns(), process, service::assigned);
        world.timeline()
                .start(process, () -> new Intake(world, process, runs).run(service::runRefusal));
        world.timeline()
                .start(
                        process,
                        () ->
                                Intake.of(world, process, world.groups().trainerDecisions())
                                        .run(service::decisionRefusal));
        return service;
    }

    /** What a SIGTERM does: the state within the iteration is kept. */
    public void stop() {
        isStopping = true;
        turns.stop();
        wake();
    }

    private void trainBatch(long millis) {
        world.steps().take(process, "trains a batch", millis);
        world.ledger().trained();
    }

    private void wake() {
        if (training != null) {
            world.timeline().wake(training, 0);
        }
    }

    private void train() {
        while (!isStopping) {
            Optional<Duration> idle = turns.turn();
            if (idle.isPresent() && !isStopping) {
                world.timeline().idle(Math.max(1, idle.get().toMillis()));
            }
        }
        turns.end();
        while (!outbox.isEmpty()) {
            world.timeline().sleep(100);
        }
        world.steps().end(process);
    }

    /** The topic of runs is read from its beginning at every assignment. */
    private boolean assigned(Map<Integer, Long> now) {
        committed = Map.copyOf(now);
        Set<Integer> lost = new HashSet<>(owned);
        lost.removeAll(now.keySet());
        owned.clear();
        owned.addAll(now.keySet());
        if (!lost.isEmpty()) {
            turns.released(lost);
            wake();
        }
        return true;
    }

    private @Nullable String runRefusal(ConsumerRecord<String, byte[]> message) {
        if (message.value() == null) {
            turns.deleted(new RunId(message.key()));
            return null;
        }
        try {
            turns.requested(codec.read(message, RunRequested.class).event(), message.partition());
            wake();
            return null;
        } catch (MalformedEventException e) {
            boolean wasSeenBefore =
                    message.offset() < committed.getOrDefault(message.partition(), 0L);
            return wasSeenBefore ? null : e.getMessage();
        }
    }

    private @Nullable String decisionRefusal(ConsumerRecord<String, byte[]> message) {
        try {
            turns.decided(codec.read(message, PruningDecided.class).event());
            wake();
            return null;
        } catch (MalformedEventException e) {
            return e.getMessage();
        }
    }

    private final class Events implements EventPublisher {

        @Override
        public void announce(Event event) {
            outbox.announce(event);
        }

        @Override
        public void publish(Event event) {
            if (!outbox.publish(event, null)) {
                throw new TryLaterException("Kafka did not take the event " + event.eventId());
            }
        }
    }

    private final class Statuses implements ReportedRuns {

        private final View<RunStatus> view =
                new View<>(world.bus(), Topic.RUN_STATUS, RunStatus.class, codec);

        @Override
        public boolean isComplete() {
            return view.isCaughtUp();
        }

        @Override
        public Optional<RunStatus> last(RunId run) {
            if (!view.isCaughtUp()) {
                world.steps().take(process, "reads statuses", STATUS_PATIENCE);
                if (!view.isCaughtUp()) {
                    throw new TryLaterException("Kafka does not give the topic of statuses");
                }
            }
            return view.get(run.value()).map(Received::event);
        }
    }

    private static final class SilentObserver implements TrainingObserver {

        @Override
        public void epochCompleted(Duration duration, long images) {}

        @Override
        public void iterationEnded(boolean successful, Duration duration) {}

        @Override
        public void checkpointEnded(boolean successful, Duration duration) {}
    }
}
