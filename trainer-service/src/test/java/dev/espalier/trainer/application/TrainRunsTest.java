// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import static dev.espalier.schemas.run.DesiredState.PAUSED;
import static dev.espalier.schemas.run.DesiredState.RUNNING;
import static dev.espalier.schemas.run.DesiredState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.trainer.adapter.djl.DjlEngine;
import dev.espalier.trainer.domain.data.IdxFolder;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application with the real engine, and a store and topics in memory. */
class TrainRunsTest {

    private static final DjlEngine ENGINE = new DjlEngine(1);
    private static final RunId RUN = new RunId("run-1");
    private static Path folder;

    private final MemoryArtifacts artifacts = new MemoryArtifacts();
    private final MemoryEvents events = new MemoryEvents();
    private TrainRuns runs;

    @BeforeAll
    static void writeData(@TempDir Path temporary) {
        folder = IdxFolder.write(temporary, 430, 100);
    }

    @BeforeEach
    void start() {
        runs = trainer();
    }

    @AfterEach
    void stop() {
        runs.close();
    }

    @Test
    void shouldTrainUnderTheMaskOfEachDecisionUntilItSaysStop() {
        request(specification(Rewind.INITIAL), RUNNING);
        SnapshotPublished first = awaitSnapshot(0);
        assertThat(first.mask()).isNull();
        assertThat(first.metrics()).extracting("name").contains("accuracy", "loss");
        Mask mask = everyOther(0);

        runs.decided(decision(0, Verdict.PRUNE, artifacts.putMask(RUN, 1, mask)));
        SnapshotPublished second = awaitSnapshot(1);
        runs.decided(decision(1, Verdict.KEEP, null));
        SnapshotPublished third = awaitSnapshot(2);
        runs.decided(decision(2, Verdict.STOP, null));
        awaitState(ReportedState.COMPLETED);

        assertThat(second.mask()).isNotNull();
        assertThat(third.mask()).isEqualTo(second.mask());
        assertPruned(second, mask);
        assertPruned(third, mask);
        assertThat(events.of(RUN, EpochCompleted.class)).hasSize(6);
        RunStatus last = events.last(RUN).orElseThrow();
        assertThat(last.progress()).isEqualTo(1);
        assertThat(last.iterations()).isEqualTo(2);
        assertThat(last.reason()).isEqualTo(new Reason("test", "because"));
    }

    @Test
    void shouldStartFromInitialWeightsOrFromTheLastOnesAsAsked() {
        for (Rewind rewind : List.of(Rewind.INITIAL, Rewind.NONE)) {
            RunId run = new RunId("rewind-" + rewind);
            runs.requested(requested(run, specification(rewind), RUNNING), 0);
            SnapshotPublished first = awaitSnapshot(run, 0);
            runs.decided(decision(run, 0, Verdict.KEEP, null));
            awaitSnapshot(run, 1);

            ArtifactRef expected =
                    rewind.equals(Rewind.NONE)
                            ? first.weights()
                            : artifacts.at(ObjectKey.initial(run)).ref();
            assertThat(artifacts.at(ObjectKey.weights(run, 1)).metadata())
                    .containsEntry("parent", expected.sha256().hex())
                    .containsEntry("format", "pt");
        }
    }

    @Test
    void shouldRewindToTheWeightsAfterAnEpochOfTheFirstIteration() {
        request(specification(new Rewind.ToEpoch(1)), RUNNING);
        awaitSnapshot(0);
        runs.decided(decision(0, Verdict.KEEP, null));
        awaitSnapshot(1);

        ArtifactRef target = artifacts.rewindTarget(RUN).orElseThrow();
        assertThat(artifacts.at(target.key()).metadata()).containsEntry("epoch", "1");
        assertThat(artifacts.at(ObjectKey.weights(RUN, 1)).metadata())
                .containsEntry("parent", target.sha256().hex());
    }

    @Test
    void shouldSayHowGoodTheWeightsWereRightAfterPruning() {
        request(specification(Rewind.INITIAL), RUNNING);
        SnapshotPublished first = awaitSnapshot(0);
        runs.decided(decision(0, Verdict.PRUNE, artifacts.putMask(RUN, 1, Mask.DENSE)));

        SnapshotPublished second = awaitSnapshot(1);

        assertThat(first.metrics()).extracting("name").doesNotContain("accuracy-pruned");
        assertThat(metric(second, "accuracy-pruned")).isEqualTo(metric(first, "accuracy"));
        assertThat(metric(second, "loss-pruned")).isEqualTo(metric(first, "loss"));
    }

    private static double metric(SnapshotPublished snapshot, String name) {
        return snapshot.metrics().stream()
                .filter(m -> m.name().equals(name) && m.split().equals("test"))
                .findFirst()
                .orElseThrow()
                .value();
    }

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

    @Test
    void shouldGoBackToTheMaskThatARollBackNames() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        ArtifactRef older = artifacts.putMask(RUN, 1, everyOther(0));

        runs.decided(decision(0, Verdict.ROLL_BACK, older));

        assertThat(awaitSnapshot(1).mask()).isEqualTo(older);
        assertPruned(awaitSnapshot(1), everyOther(0));
    }

    @Test
    void shouldIgnoreDecisionsThatComeTwiceOrLate() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        runs.decided(decision(0, Verdict.KEEP, null));
        awaitSnapshot(1);

        runs.decided(decision(0, Verdict.STOP, null));
        runs.decided(decision(5, Verdict.STOP, null));
        runs.decided(decision(1, Verdict.KEEP, null));

        awaitSnapshot(2);
        assertThat(events.last(RUN).orElseThrow().state()).isEqualTo(ReportedState.RUNNING);
    }

    @Test
    void shouldEndAsFailedWhenTheDecisionSaysSo() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);

        runs.decided(decision(0, Verdict.STOP, Outcome.FAILED, null));

        assertThat(awaitState(ReportedState.FAILED).reason())
                .isEqualTo(new Reason("test", "because"));
    }

    @Test
    void shouldEndWithTheSameBytesWhenItWasKilledAndResumed() {
        RunId whole = new RunId("whole");
        runs.requested(requested(whole, specification(Rewind.NONE), RUNNING), 0);
        awaitSnapshot(whole, 0);
        ArtifactRef mask = artifacts.putMask(whole, 1, everyOther(1));
        runs.decided(decision(whole, 0, Verdict.PRUNE, mask));
        awaitSnapshot(whole, 1);

        request(specification(Rewind.NONE), RUNNING);
        SnapshotPublished before = awaitSnapshot(0);
        restart();
        request(specification(Rewind.NONE), RUNNING);
        await().until(() -> events.of(RUN, SnapshotPublished.class).count() == 2);
        runs.decided(decision(0, Verdict.PRUNE, mask));
        restart();
        request(specification(Rewind.NONE), RUNNING);
        await().until(() -> events.of(RUN, SnapshotPublished.class).count() >= 3);
        runs.decided(decision(0, Verdict.PRUNE, mask));
        awaitSnapshot(1);

        assertThat(events.of(RUN, SnapshotPublished.class).filter(s -> s.iteration() == 0))
                .containsOnly(before);
        assertThat(values(ObjectKey.weights(RUN, 1)))
                .isEqualTo(values(ObjectKey.weights(whole, 1)));
    }

    @Test
    void shouldNotTrainARunAgainThatIsOver() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        runs.decided(decision(0, Verdict.STOP, null));
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

    @Test
    void shouldFailWithAClearReasonAndServeTheNextRun() {
        assertFails("bad-data", specification("mlp", "mnits", 1, Rewind.INITIAL))
                .isEqualTo(
                        new Reason(
                                "unusable-data",
                                "Unknown dataset 'mnits'\n"
                                        + "Maybe one of: wave-source, mnist, fashion-mnist, cifar10, cifar100, image-folder."));
        assertFails("bad-model", specification("mpl", "mnist", 1, Rewind.INITIAL))
                .isEqualTo(
                        new Reason(
                                "unknown-model",
                                "Unknown model 'mpl'\nMaybe one of: linear, mlp, cnn, resnet18, resnet50, wresnet28x8."));

        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
    }

    @Test
    void shouldFailWhenTheMaskIsOfAnotherNetwork() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        Mask foreign = new Mask(Map.of("conv1.weight", MaskTensor.ones(List.of(3L, 3L))));

        runs.decided(decision(0, Verdict.PRUNE, artifacts.putMask(RUN, 1, foreign)));

        Reason reason = awaitState(ReportedState.FAILED).reason();
        assertThat(reason).isNotNull();
        assertThat(reason.code()).isEqualTo("unfit-artifact");
        assertThat(reason.message()).contains("conv1.weight");
    }

    @Test
    void shouldGoOnWithTheFirstSpecificationWhenAnotherComesUnderItsName() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);

        request(specification("mlp", "mnist", 77, Rewind.INITIAL), RUNNING);
        await().until(
                        () ->
                                events.of(RUN, RunStatus.class)
                                        .map(RunStatus::reason)
                                        .anyMatch(
                                                r ->
                                                        r != null
                                                                && r.code()
                                                                        .equals(
                                                                                "specification-refused")));
        runs.decided(decision(0, Verdict.KEEP, null));
        awaitSnapshot(1);

        assertThat(events.of(RUN, EpochCompleted.class))
                .extracting(EpochCompleted::epochs)
                .containsOnly(2);
    }

    @Test
    void shouldLeaveRunsOfExternalTrainersAlone() {
        RunSpecification external =
                new RunSpecification(
                        TrainerKind.EXTERNAL,
                        null,
                        null,
                        TrainingSpec.DEFAULT,
                        0,
                        Rewind.INITIAL,
                        1,
                        List.of(),
                        null);
        request(external, RUNNING);
        RunId other = new RunId("other");
        runs.requested(requested(other, specification(Rewind.INITIAL), RUNNING), 0);
        awaitSnapshot(other, 0);

        assertThat(events.last(RUN)).isEmpty();
    }

    private org.assertj.core.api.ObjectAssert<Reason> assertFails(
            String id, RunSpecification specification) {
        RunId run = new RunId(id);
        runs.requested(requested(run, specification, RUNNING), 0);
        await().until(
                        () ->
                                events.last(run)
                                        .filter(s -> s.state() == ReportedState.FAILED)
                                        .isPresent());
        return assertThat(events.last(run).orElseThrow().reason());
    }

    private void assertPruned(SnapshotPublished snapshot, Mask mask) {
        for (TensorData tensor : artifacts.at(snapshot.weights().key()).tensors()) {
            MaskTensor pruning = mask.tensor(tensor.name());
            for (long i = 0; pruning != null && i < pruning.count(); i++) {
                int bits = tensor.bytes().getAtIndex(ValueLayout.JAVA_INT, i);
                assertThat(bits == 0).isEqualTo(!pruning.get(i));
            }
        }
    }

    /** Masks every other weight of the last layer. */
    private static Mask everyOther(int first) {
        MaskTensor tensor = MaskTensor.ones(List.of(10L, 256L));
        for (int i = first; i < 2560; i += 2) {
            tensor.clear(i);
        }
        return new Mask(Map.of("fc3.weight", tensor));
    }

    /** A digest of each tensor. */
    private List<Sha256> values(ObjectKey key) {
        return artifacts.at(key).tensors().stream()
                .map(t -> Sha256.of(t.bytes().toArray(ValueLayout.JAVA_BYTE)))
                .toList();
    }

    private void restart() {
        runs.close();
        runs = trainer();
    }

    private TrainRuns trainer() {
        TrainRuns trainer =
                new TrainRuns(
                        artifacts,
                        events,
                        events,
                        ENGINE::open,
                        new Silent(),
                        new CheckpointPlan(1, Duration.ZERO),
                        Clock.systemUTC());
        trainer.start();
        return trainer;
    }

    private void request(RunSpecification specification, DesiredState desired) {
        runs.requested(requested(RUN, specification, desired), 0);
    }

    private static RunRequested requested(
            RunId run, RunSpecification specification, DesiredState desired) {
        return new RunRequested(run, desired, specification, Instant.EPOCH);
    }

    private static RunSpecification specification(Rewind rewind) {
        return specification("mlp", "mnist", 2, rewind);
    }

    private static RunSpecification specification(
            String model, String dataset, int epochs, Rewind rewind) {
        return new RunSpecification(
                TrainerKind.ESPALIER,
                model,
                new DatasetSpec(dataset, folder.toString()),
                new TrainingSpec(
                        epochs, 100, 0.1, 0.9, true, 5e-4, 1, TrainingSpec.Schedule.COSINE),
                1,
                rewind,
                2,
                List.of(),
                null);
    }

    private SnapshotPublished awaitSnapshot(int iteration) {
        return awaitSnapshot(RUN, iteration);
    }

    private SnapshotPublished awaitSnapshot(RunId run, int iteration) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                events.of(run, SnapshotPublished.class)
                                        .filter(s -> s.iteration() == iteration)
                                        .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private RunStatus awaitState(ReportedState state) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> events.last(RUN).filter(s -> s.state() == state),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private static PruningDecided decision(
            int iteration, Verdict verdict, @Nullable ArtifactRef mask) {
        return decision(RUN, iteration, verdict, mask);
    }

    private static PruningDecided decision(
            RunId run, int iteration, Verdict verdict, @Nullable ArtifactRef mask) {
        return decision(
                run, iteration, verdict, verdict == Verdict.STOP ? Outcome.COMPLETED : null, mask);
    }

    private static PruningDecided decision(
            int iteration, Verdict verdict, Outcome outcome, @Nullable ArtifactRef mask) {
        return decision(RUN, iteration, verdict, outcome, mask);
    }

    private static PruningDecided decision(
            RunId run,
            int iteration,
            Verdict verdict,
            @Nullable Outcome outcome,
            @Nullable ArtifactRef mask) {
        return new PruningDecided(
                run,
                iteration,
                verdict,
                outcome,
                new Reason("test", "because"),
                new PolicyRef("test", "000000000000", "built-in"),
                mask,
                10,
                10,
                0,
                1,
                null,
                List.of(),
                List.of());
    }

    private static final class Silent implements TrainingObserver {

        @Override
        public void epochCompleted(Duration duration) {}

        @Override
        public void iterationEnded(boolean successful, Duration duration) {}

        @Override
        public void checkpointEnded(boolean successful, Duration duration) {}
    }
}
