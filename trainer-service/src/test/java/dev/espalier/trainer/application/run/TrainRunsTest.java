// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import static dev.espalier.schemas.run.DesiredState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunLength;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.testing.Specifications;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The life of a run, decision by decision. */
final class TrainRunsTest extends RunsFixture {

    @Test
    void shouldTrainUnderTheMaskOfEachDecisionUntilItSaysStop() {
        request(specification(Rewind.INITIAL), RUNNING);
        SnapshotPublished first = awaitSnapshot(0);
        assertThat(first.mask()).isNull();
        assertThat(first.metrics()).extracting("name").contains("accuracy", "loss");
        Mask mask = everyOther(0);

        runs.decided(Decisions.on(0, Verdict.PRUNE, artifacts.putMask(RUN, 1, mask)));
        SnapshotPublished second = awaitSnapshot(1);
        runs.decided(Decisions.on(1, Verdict.KEEP, null));
        SnapshotPublished third = awaitSnapshot(2);
        runs.decided(Decisions.on(2, Verdict.STOP, null));
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
    void shouldKeepTheNewestIterationsAloneWhereARunIsUnbounded() {
        RunSpecification usual = specification(Rewind.NONE);
        request(
                new RunSpecification(
                        usual.trainer(),
                        usual.model(),
                        usual.dataset(),
                        usual.training(),
                        usual.seed(),
                        usual.rewind(),
                        RunLength.UNBOUNDED,
                        usual.pairs(),
                        null,
                        2,
                        null),
                RUNNING);
        for (int t = 0; t < 5; t++) {
            awaitSnapshot(t);
            runs.decided(Decisions.on(t, Verdict.KEEP, null));
        }
        awaitSnapshot(5);

        assertThat(artifacts.weights.keySet())
                .contains(ObjectKey.weights(RUN, 0), ObjectKey.weights(RUN, 4))
                .doesNotContain(ObjectKey.weights(RUN, 1), ObjectKey.weights(RUN, 2));
        RunStatus last = events.last(RUN).orElseThrow();
        assertThat(last.iterations()).isNull();
        assertThat(last.etaSeconds()).isNull();
    }

    @Test
    void shouldStartFromInitialWeightsOrFromTheLastOnesAsAsked() {
        for (Rewind rewind : List.of(Rewind.INITIAL, Rewind.NONE)) {
            RunId run = new RunId("rewind-" + rewind);
            runs.requested(requested(run, specification(rewind), RUNNING), 0);
            SnapshotPublished first = awaitSnapshot(run, 0);
            runs.decided(Decisions.on(run, 0, Verdict.KEEP, null));
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
        runs.decided(Decisions.on(0, Verdict.KEEP, null));
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
        runs.decided(Decisions.on(0, Verdict.PRUNE, artifacts.putMask(RUN, 1, Mask.DENSE)));

        SnapshotPublished second = awaitSnapshot(1);

        assertThat(first.metrics()).extracting("name").doesNotContain("accuracy-pruned");
        assertThat(metric(second, "accuracy-pruned")).isEqualTo(metric(first, "accuracy"));
        assertThat(metric(second, "loss-pruned")).isEqualTo(metric(first, "loss"));
    }

    @Test
    void shouldGoBackToTheMaskThatARollBackNames() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        ArtifactRef older = artifacts.putMask(RUN, 1, everyOther(0));

        runs.decided(Decisions.on(0, Verdict.ROLL_BACK, older));

        assertThat(awaitSnapshot(1).mask()).isEqualTo(older);
        assertPruned(awaitSnapshot(1), everyOther(0));
    }

    @Test
    void shouldIgnoreDecisionsThatComeTwiceOrLate() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);
        runs.decided(Decisions.on(0, Verdict.KEEP, null));
        awaitSnapshot(1);

        runs.decided(Decisions.on(0, Verdict.STOP, null));
        runs.decided(Decisions.on(5, Verdict.STOP, null));
        runs.decided(Decisions.on(1, Verdict.KEEP, null));

        awaitSnapshot(2);
        assertThat(events.last(RUN).orElseThrow().state()).isEqualTo(ReportedState.RUNNING);
    }

    @Test
    void shouldEndAsFailedWhenTheDecisionSaysSo() {
        request(specification(Rewind.INITIAL), RUNNING);
        awaitSnapshot(0);

        runs.decided(Decisions.on(0, Verdict.STOP, Outcome.FAILED, null));

        assertThat(awaitState(ReportedState.FAILED).reason())
                .isEqualTo(new Reason("test", "because"));
    }

    @Test
    void shouldLeaveRunsOfExternalTrainersAlone() {
        RunSpecification external = Specifications.external(1, null);
        request(external, RUNNING);
        RunId other = new RunId("other");
        runs.requested(requested(other, specification(Rewind.INITIAL), RUNNING), 0);
        awaitSnapshot(other, 0);

        assertThat(events.last(RUN)).isEmpty();
    }

    private static double metric(SnapshotPublished snapshot, String name) {
        return snapshot.metrics().stream()
                .filter(m -> m.name().equals(name) && m.split().equals("test"))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
