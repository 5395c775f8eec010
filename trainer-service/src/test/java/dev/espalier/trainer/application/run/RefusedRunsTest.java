// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import static dev.espalier.schemas.run.DesiredState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs that cannot be trained, or not as they are asked for. */
final class RefusedRunsTest extends RunsFixture {

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
    void shouldFailWhenTrainingDivergesAndThereIsNothingToGoBackTo() {
        assertFails("too-fast", specification(1e30))
                .satisfies(
                        reason -> {
                            assertThat(reason.code()).isEqualTo("diverged");
                            assertThat(reason.message())
                                    .startsWith("Iteration 0, epoch 1 of 2, image ")
                                    .contains("Maybe lower the learning rate, which is 1.0E30");
                        });
    }

    @Test
    void shouldLeaveItToThePolicyWhenTrainingDivergesUnderAMask() {
        request(specification(Rewind.NONE), RUNNING);
        SnapshotPublished first = awaitSnapshot(0);
        MemorySegment weights = artifacts.at(first.weights().key()).tensors().getFirst().bytes();
        for (long at = 0; at < weights.byteSize(); at += 4) {
            weights.set(ValueLayout.JAVA_FLOAT, at, Float.MAX_VALUE);
        }

        runs.decided(Decisions.on(0, Verdict.KEEP, null));
        SnapshotPublished second = awaitSnapshot(1);

        assertThat(first.hasDiverged()).isFalse();
        assertThat(second.hasDiverged()).isTrue();
        assertThat(second.metrics())
                .noneMatch(
                        metric -> metric.name().equals("loss") && metric.split().equals("train"));
        assertThat(events.last(RUN).orElseThrow().state()).isEqualTo(ReportedState.RUNNING);
    }

    @Test
    void shouldFailWhenTheMaskIsOfAnotherNetwork() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        Mask foreign = new Mask(Map.of("conv1.weight", MaskTensor.ones(List.of(3L, 3L))));

        runs.decided(Decisions.on(0, Verdict.PRUNE, artifacts.putMask(RUN, 1, foreign)));

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
        runs.decided(Decisions.on(0, Verdict.KEEP, null));
        awaitSnapshot(1);

        assertThat(events.of(RUN, EpochCompleted.class))
                .extracting(EpochCompleted::epochs)
                .containsOnly(2);
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
}
