// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import static dev.espalier.schemas.run.DesiredState.PAUSED;
import static dev.espalier.schemas.run.DesiredState.RUNNING;
import static dev.espalier.schemas.run.DesiredState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What pauses, stops, restarts and outages leave behind: nothing. */
final class InterruptedRunsTest extends RunsFixture {

    @Test
    void shouldEndWithTheSameBytesWhenStoppedWithinAnEpochAndTakenUpElsewhere() {
        RunId whole = new RunId("whole");
        runs.requested(
                requested(whole, specification("mlp", "mnist", 400, Rewind.INITIAL), RUNNING), 0);
        ArtifactRef expected = awaitSnapshot(whole, 0).weights();
        artifacts.positions.clear();

        request(specification("mlp", "mnist", 400, Rewind.INITIAL), RUNNING);
        for (int stops = 0; stops < 3; stops++) {
            int before = artifacts.positions.size();
            await().until(() -> artifacts.positions.size() > before + 2);
            runs.close();
            runs = trainer();
            request(specification("mlp", "mnist", 400, Rewind.INITIAL), RUNNING);
        }
        SnapshotPublished pieces = awaitSnapshot(0);

        assertThat(artifacts.positions)
                .filteredOn(p -> p.epoch() == 1 && p.image() == 0)
                .hasSize(1);
        assertThat(tensors(pieces)).isEqualTo(tensors(expected));
        assertThat(artifacts.progress).isEmpty();
    }

    @Test
    void shouldEndWithTheSameBytesWhenItWasKilledAndResumed() {
        RunId whole = new RunId("whole");
        runs.requested(requested(whole, specification(Rewind.NONE), RUNNING), 0);
        awaitSnapshot(whole, 0);
        ArtifactRef mask = artifacts.putMask(whole, 1, everyOther(1));
        runs.decided(Decisions.on(whole, 0, Verdict.PRUNE, mask));
        awaitSnapshot(whole, 1);

        request(specification(Rewind.NONE), RUNNING);
        SnapshotPublished before = awaitSnapshot(0);
        restart();
        request(specification(Rewind.NONE), RUNNING);
        await().until(() -> events.of(RUN, SnapshotPublished.class).count() == 2);
        runs.decided(Decisions.on(0, Verdict.PRUNE, mask));
        restart();
        request(specification(Rewind.NONE), RUNNING);
        await().until(() -> events.of(RUN, SnapshotPublished.class).count() >= 3);
        runs.decided(Decisions.on(0, Verdict.PRUNE, mask));
        awaitSnapshot(1);

        assertThat(events.of(RUN, SnapshotPublished.class).filter(s -> s.iteration() == 0))
                .containsOnly(before);
        assertThat(values(ObjectKey.weights(RUN, 1)))
                .isEqualTo(values(ObjectKey.weights(whole, 1)));
    }

    @Test
    void shouldTrainAnIterationAnewWhereItsKeptStateIsDamaged() {
        RunSpecification specification = specification("mlp", "mnist", 400, Rewind.INITIAL);
        RunId whole = new RunId("whole");
        runs.requested(requested(whole, specification, RUNNING), 0);
        ArtifactRef expected = awaitSnapshot(whole, 0).weights();
        artifacts.positions.clear();
        request(specification, RUNNING);
        await().until(() -> artifacts.positions.size() > 2);
        runs.close();

        MemorySegment bytes = artifacts.progress.get(RUN).tensors().getFirst().bytes();
        bytes.set(ValueLayout.JAVA_INT, 0, bytes.get(ValueLayout.JAVA_INT, 0) ^ 1);
        runs = trainer();
        request(specification, RUNNING);
        SnapshotPublished anew = awaitSnapshot(0);

        assertThat(artifacts.positions)
                .filteredOn(p -> p.epoch() == 1 && p.image() == 0)
                .hasSize(2);
        assertThat(tensors(anew)).isEqualTo(tensors(expected));
    }

    @Test
    void shouldNotTrainARunAgainThatIsOver() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        runs.decided(Decisions.on(0, Verdict.STOP, null));
        awaitState(ReportedState.COMPLETED);
        long said = events.of(RUN, RunStatus.class).count();

        restart();
        request(specification(Rewind.INITIAL), RUNNING);
        RunId other = new RunId("other");
        runs.requested(requested(other, specification(Rewind.INITIAL), RUNNING), 0);
        awaitSnapshot(other, 0);

        assertThat(events.of(RUN, SnapshotPublished.class)).hasSize(1);
        assertThat(events.of(RUN, RunStatus.class)).hasSize((int) said);
    }

    @Test
    void shouldLeaveTheLastWordOnARunThatIsOverWhenItsRequestsAreReadAgain() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        runs.decided(Decisions.on(0, Verdict.STOP, null));
        awaitState(ReportedState.COMPLETED);
        long said = events.of(RUN, RunStatus.class).count();

        restart();
        request(specification(Rewind.INITIAL), DesiredState.PAUSED);
        RunId other = new RunId("other");
        runs.requested(requested(other, specification(Rewind.INITIAL), RUNNING), 0);
        awaitSnapshot(other, 0);

        assertThat(events.of(RUN, RunStatus.class)).hasSize((int) said);
        assertThat(events.last(RUN).orElseThrow().state()).isEqualTo(ReportedState.COMPLETED);
    }

    @Test
    void shouldSayThatTheStoreIsAwayAndGoOnWhenItIsBack() {
        artifacts.isAway = true;
        request(specification(Rewind.INITIAL), RUNNING);
        await().until(() -> events.last(RUN).map(RunStatus::reason).isPresent());
        assertThat(events.last(RUN).orElseThrow().reason())
                .isEqualTo(new Reason("waiting-for-infrastructure", "the store is away"));

        artifacts.isAway = false;
        awaitSnapshot(0);

        assertThat(events.last(RUN).orElseThrow().state()).isEqualTo(ReportedState.RUNNING);
        assertThat(events.last(RUN).orElseThrow().reason()).isNull();
    }

    @Test
    void shouldPublishASnapshotWhenTheBrokerIsBack() {
        events.isAway = true;
        request(specification(Rewind.INITIAL), RUNNING);
        await().until(
                        () ->
                                events.last(RUN)
                                        .map(RunStatus::reason)
                                        .filter(r -> r.message().equals("the broker is away"))
                                        .isPresent());
        assertThat(artifacts.lastCheckpoint(RUN)).isPresent();

        events.isAway = false;

        awaitSnapshot(0);
    }

    @Test
    void shouldStandStillWhilePausedAndGoOnAfterwards() {
        request(specification(Rewind.INITIAL), PAUSED);
        awaitState(ReportedState.PAUSED);
        RunId other = new RunId("other");
        runs.requested(requested(other, specification(Rewind.INITIAL), RUNNING), 0);
        awaitSnapshot(other, 0);
        assertThat(events.of(RUN, SnapshotPublished.class)).isEmpty();

        request(specification(Rewind.INITIAL), RUNNING);

        awaitSnapshot(0);
    }

    @Test
    void shouldPauseInTheMiddleOfAnIterationAndEndWithTheSameBytes() {
        RunId whole = new RunId("whole");
        RunSpecification specification = specification("mlp", "mnist", 200, Rewind.INITIAL);
        request(specification, RUNNING);
        await().until(() -> events.of(RUN, EpochCompleted.class).count() > 2);
        request(specification, PAUSED);
        awaitState(ReportedState.PAUSED);
        assertThat(events.of(RUN, SnapshotPublished.class)).isEmpty();

        runs.requested(requested(whole, specification, RUNNING), 0);
        awaitSnapshot(whole, 0);
        request(specification, RUNNING);
        awaitSnapshot(0);

        assertThat(events.of(RUN, EpochCompleted.class)).hasSize(200);
        assertThat(values(ObjectKey.weights(RUN, 0)))
                .isEqualTo(values(ObjectKey.weights(whole, 0)));
    }

    @Test
    void shouldStopWithinABatchWhenAsked() {
        RunSpecification endless = specification("mlp", "mnist", 1_000_000, Rewind.INITIAL);
        request(endless, RUNNING);
        await().until(() -> events.of(RUN, EpochCompleted.class).count() > 1);

        request(endless, STOPPED);

        awaitState(ReportedState.STOPPED);
        assertThat(events.of(RUN, SnapshotPublished.class)).isEmpty();
    }

    @Test
    void shouldLetOthersTrainWhenItsPartitionIsTaken() {
        RunSpecification endless = specification("mlp", "mnist", 1_000_000, Rewind.INITIAL);
        runs.requested(requested(RUN, endless, RUNNING), 3);
        await().until(() -> events.of(RUN, EpochCompleted.class).count() > 1);
        RunId other = new RunId("other");
        runs.requested(requested(other, specification(Rewind.INITIAL), RUNNING), 4);

        runs.released(Set.of(3));

        awaitSnapshot(other, 0);
        assertThat(events.last(RUN).orElseThrow().state()).isEqualTo(ReportedState.RUNNING);
    }

    private List<List<Float>> tensors(SnapshotPublished snapshot) {
        return tensors(snapshot.weights());
    }

    private List<List<Float>> tensors(ArtifactRef ref) {
        return artifacts.at(ref.key()).tensors().stream()
                .map(
                        tensor -> {
                            float[] values =
                                    tensor.bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                            return java.util.stream.IntStream.range(0, values.length)
                                    .mapToObj(i -> values[i])
                                    .toList();
                        })
                .toList();
    }
}
