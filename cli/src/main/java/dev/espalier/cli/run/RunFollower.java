// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.cli.CliException;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.ProgressLine;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.events.TopicFollower;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Follows a run to its end, from its beginning on, and tells about it as it goes. */
public final class RunFollower {

    private static final Set<Topic> TOPICS =
            EnumSet.of(Topic.RUNS, Topic.RUN_STATUS, Topic.PROGRESS, Topic.DECISIONS);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final LoopConnection loop;
    private final Clock clock;
    private final ProgressLine progress;
    private final Consumer<IterationRow> rows;

    /**
     * @param rows gets each iteration once, in the order in which it was decided
     */
    public RunFollower(
            LoopConnection loop, Clock clock, ProgressLine progress, Consumer<IterationRow> rows) {
        this.loop = loop;
        this.clock = clock;
        this.progress = progress;
        this.rows = rows;
    }

    /** A run that has ended. */
    public record Finished(RunReport report, FollowedRun.Ending ending) {}

    /**
     * @throws CliException where the stack ends before the run does
     */
    public Finished follow(RunId runId) {
        FollowedRun run = new FollowedRun(runId);
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        try (TopicFollower follower = loop.follow(TOPICS, queueing(runId, events))) {
            while (true) {
                @Nullable Event event = events.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    run.hear(event, clock.instant()).ifPresent(rows);
                }
                if (follower.isCaughtUp() && events.isEmpty()) {
                    Optional<FollowedRun.Ending> ending = run.ending(clock.instant());
                    if (ending.isPresent()) {
                        return new Finished(run.report(ending.get()), ending.get());
                    }
                    show(run);
                }
                if (event == null && loop.address().isGone()) {
                    throw CliException.failure(
                            "the stack has ended, and run %s has not\nMaybe start the stack again, and the run goes on: ./espalier up; then: ./espalier follow %s"
                                    .formatted(runId, runId));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failure("interrupted", e);
        } finally {
            progress.clear();
        }
    }

    private static TopicFollower.Listener queueing(RunId runId, BlockingQueue<Event> events) {
        return new TopicFollower.Listener() {
            @Override
            public void onEvent(Received<Event> received, ConsumerRecord<String, byte[]> record) {
                if (received.event().key().equals(runId.value())) {
                    events.add(received.event());
                }
            }

            @Override
            public void onTombstone(ConsumerRecord<String, byte[]> record) {}

            @Override
            public void onMalformed(
                    ConsumerRecord<String, byte[]> record, MalformedEventException reason) {}
        };
    }

    private void show(FollowedRun run) {
        @Nullable EpochCompleted epoch = run.epoch();
        @Nullable Integer last = run.iterations();
        double ratio = epoch == null ? 0 : (double) epoch.epoch() / epoch.epochs();
        progress.show(
                "iteration %d%s".formatted(run.iteration(), last == null ? "" : "/" + last),
                ratio,
                detail(run, epoch));
    }

    private static String detail(FollowedRun run, @Nullable EpochCompleted epoch) {
        StringBuilder detail = new StringBuilder();
        @Nullable RunStatus status = run.status();
        if (status == null) {
            detail.append("waiting for the trainer");
        } else if (epoch == null) {
            detail.append(KnownState.label(status.state()));
        } else {
            detail.append("epoch %d/%d".formatted(epoch.epoch(), epoch.epochs()));
            @Nullable Double accuracy = FollowedRun.accuracy(epoch.metrics());
            if (accuracy != null) {
                detail.append(", accuracy ").append(Figures.index(accuracy));
            }
        }
        if (status != null && status.imagesPerSecond() != null) {
            detail.append(", ").append(Figures.whole(status.imagesPerSecond())).append(" images/s");
        }
        if (status != null && status.etaSeconds() != null) {
            Duration left = Duration.ofSeconds(Math.round(status.etaSeconds()));
            detail.append(", ETA ").append(Figures.clock(left));
        }
        return detail.toString();
    }
}
