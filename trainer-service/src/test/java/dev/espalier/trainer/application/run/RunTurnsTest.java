// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.trainer.application.CheckpointPlan;
import dev.espalier.trainer.application.TrainingObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Turns without a thread, in virtual time. */
final class RunTurnsTest {

    private static final RunId RUN = new RunId("run-1");
    private static final RunSpecification IMPOSSIBLE =
            new RunSpecification(
                    TrainerKind.ESPALIER,
                    "mlp",
                    new DatasetSpec("no-such-data", null),
                    TrainingSpec.DEFAULT,
                    1,
                    Rewind.INITIAL,
                    2,
                    List.of(),
                    null);

    private Instant now = Instant.EPOCH;
    private final MemoryEvents events = new MemoryEvents();
    private final RunTurns turns = turns();

    private RunTurns turns() {
        InstantSource clock = () -> now;
        return new RunTurns(
                new MemoryArtifacts(),
                events,
                events,
                architecture -> {
                    throw new IllegalStateException("nothing is trained here");
                },
                new SilentObserver(),
                new CheckpointPlan(1, Duration.ZERO),
                clock.withZone(ZoneOffset.UTC));
    }

    private void pass(Duration time) {
        now = now.plus(time);
        while (turns.turn().isEmpty()) {
            // Until nothing is due.
        }
    }

    private ReportedState lastWord() {
        return events.last(RUN).orElseThrow().state();
    }

    private void fail() {
        turns.requested(new RunRequested(RUN, DesiredState.RUNNING, IMPOSSIBLE, Instant.EPOCH), 3);
        pass(Duration.ZERO);
        assertThat(lastWord()).isEqualTo(ReportedState.FAILED);
    }

    private void somebodySaysThatItRuns() {
        events.announce(
                new RunStatus(RUN, ReportedState.RUNNING, 0, 2, 0, null, null, List.of(), now));
    }

    @Test
    void shouldHaveTheLastWordWhereATrainerSpokeThatHadLostTheRun() {
        fail();
        somebodySaysThatItRuns();

        pass(Duration.ofMinutes(2));

        assertThat(lastWord()).isEqualTo(ReportedState.FAILED);
    }

    @Test
    void shouldLeaveALastWordAloneThatStands() {
        fail();
        long said = events.of(RUN, RunStatus.class).count();

        pass(Duration.ofMinutes(2));
        pass(Duration.ofMinutes(2));

        assertThat(events.of(RUN, RunStatus.class)).hasSize((int) said);
    }

    @Test
    void shouldLeaveTheLastWordToTheTrainerThatHasTheRunNow() {
        fail();
        turns.released(Set.of(3));
        somebodySaysThatItRuns();

        pass(Duration.ofMinutes(2));

        assertThat(lastWord()).isEqualTo(ReportedState.RUNNING);
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
