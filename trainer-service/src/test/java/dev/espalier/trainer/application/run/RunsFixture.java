// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
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
import dev.espalier.trainer.application.CheckpointPlan;
import dev.espalier.trainer.application.TrainingObserver;
import dev.espalier.trainer.domain.data.IdxFolder;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The application with the real engine, and a store and topics in memory. */
abstract class RunsFixture {

    static final DjlEngine ENGINE = new DjlEngine(1);
    static final RunId RUN = new RunId("run-1");
    static Path folder;

    final MemoryArtifacts artifacts = new MemoryArtifacts();
    final MemoryEvents events = new MemoryEvents();
    TrainRuns runs;

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

    void assertPruned(SnapshotPublished snapshot, Mask mask) {
        for (TensorData tensor : artifacts.at(snapshot.weights().key()).tensors()) {
            MaskTensor pruning = mask.tensor(tensor.name());
            for (long i = 0; pruning != null && i < pruning.count(); i++) {
                int bits = tensor.bytes().getAtIndex(ValueLayout.JAVA_INT, i);
                assertThat(bits == 0).isEqualTo(!pruning.get(i));
            }
        }
    }

    /** Masks every other weight of the last layer. */
    static Mask everyOther(int first) {
        MaskTensor tensor = MaskTensor.ones(List.of(10L, 256L));
        for (int i = first; i < 2560; i += 2) {
            tensor.clear(i);
        }
        return new Mask(Map.of("fc3.weight", tensor));
    }

    /** A digest of each tensor. */
    List<Sha256> values(ObjectKey key) {
        return artifacts.at(key).tensors().stream()
                .map(t -> Sha256.of(t.bytes().toArray(ValueLayout.JAVA_BYTE)))
                .toList();
    }

    void restart() {
        runs.close();
        runs = trainer();
    }

    TrainRuns trainer() {
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

    void request(RunSpecification specification, DesiredState desired) {
        runs.requested(requested(RUN, specification, desired), 0);
    }

    static RunRequested requested(RunId run, RunSpecification specification, DesiredState desired) {
        return new RunRequested(run, desired, specification, Instant.EPOCH);
    }

    static RunSpecification specification(Rewind rewind) {
        return specification("mlp", "mnist", 2, rewind);
    }

    static RunSpecification specification(String model, String dataset, int epochs, Rewind rewind) {
        return specification(model, dataset, epochs, 0.1, rewind);
    }

    static RunSpecification specification(double learningRate) {
        return specification("mlp", "mnist", 2, learningRate, Rewind.INITIAL);
    }

    private static RunSpecification specification(
            String model, String dataset, int epochs, double learningRate, Rewind rewind) {
        return new RunSpecification(
                TrainerKind.ESPALIER,
                model,
                new DatasetSpec(dataset, folder.toString()),
                new TrainingSpec(
                        epochs,
                        100,
                        learningRate,
                        0.9,
                        true,
                        5e-4,
                        1,
                        TrainingSpec.Schedule.COSINE),
                1,
                rewind,
                2,
                List.of(),
                null);
    }

    SnapshotPublished awaitSnapshot(int iteration) {
        return awaitSnapshot(RUN, iteration);
    }

    SnapshotPublished awaitSnapshot(RunId run, int iteration) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                events.of(run, SnapshotPublished.class)
                                        .filter(s -> s.iteration() == iteration)
                                        .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    RunStatus awaitState(ReportedState state) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> events.last(RUN).filter(s -> s.state() == state),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private static final class Silent implements TrainingObserver {

        @Override
        public void epochCompleted(Duration duration, long images) {}

        @Override
        public void iterationEnded(boolean successful, Duration duration) {}

        @Override
        public void checkpointEnded(boolean successful, Duration duration) {}
    }
}
