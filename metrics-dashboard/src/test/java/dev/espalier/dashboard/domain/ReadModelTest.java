// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.dashboard.testing.ScriptedRun;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.PowerSums;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadModelTest {

    private static final Instant START = Instant.parse("2026-11-20T09:30:00Z");

    private final ScriptedRun run = new ScriptedRun("tiny", TrainerKind.ESPALIER, 3, START);
    private final ScriptedRun external = new ScriptedRun("guest", TrainerKind.EXTERNAL, 3, START);
    private final ReadModel model = new ReadModel();

    @Test
    void shouldPutARunTogether() {
        run.all().forEach(event -> model.apply(event, START));

        RunView view = model.run(run.runId()).orElseThrow();

        RunRow row = view.row();
        assertThat(row.state()).isEqualTo(ReportedState.COMPLETED);
        assertThat(row.iteration()).isEqualTo(3);
        assertThat(row.iterations()).isEqualTo(3);
        assertThat(row.progress()).isEqualTo(1);
        assertThat(row.active()).isEqualTo(run.active(3));
        assertThat(row.remaining()).isEqualTo((double) run.active(3) / run.total());
        assertThat(row.policy()).isEqualTo(ScriptedRun.PolicyRefs.DEFAULT);
        assertThat(row.denseMetrics()).isEqualTo(run.snapshot(0).metrics());
        assertThat(row.metrics()).isEqualTo(run.snapshot(3).metrics());
        assertThat(row.phase()).isNull();
        assertThat(view.history()).extracting(IterationView::iteration).containsExactly(0, 1, 2, 3);
        for (int t = 0; t < 3; t++) {
            IterationView iteration = view.history().get(t);
            assertThat(iteration.verdict()).isEqualTo(Verdict.PRUNE);
            assertThat(iteration.active() - iteration.pruned()).isEqualTo(run.active(t + 1));
            assertThat(iteration.pqi()).isEqualTo(run.measured(t).pqi());
            assertThat(iteration.epochs()).extracting(EpochView::epoch).containsExactly(1, 2, 3, 4);
            assertThat(iteration.tensors()).hasSize(3).allMatch(tensor -> tensor.pruned() != null);
        }
    }

    @Test
    void shouldComeToTheSameWhateverTheOrderAndRepetitions() {
        run.all().forEach(event -> model.apply(event, START));
        List<Event> shuffled = new ArrayList<>(run.all());
        shuffled.addAll(run.all());
        Collections.shuffle(shuffled, new Random(7));
        var other = new ReadModel();

        shuffled.forEach(event -> other.apply(event, START));

        assertThat(other.run(run.runId())).isEqualTo(model.run(run.runId()));
    }

    @Test
    void shouldTellWhatIsNewFromWhatIsRepeated() {
        List<Effect> first = run.all().stream().map(event -> model.apply(event, START)).toList();
        List<Effect> second = run.all().stream().map(event -> model.apply(event, START)).toList();

        assertThat(first).containsOnly(Effect.NEW);
        assertThat(second).containsOnly(Effect.REPEATED);
    }

    @Test
    void shouldShowARefusedPolicyUntilOneIsAccepted() {
        var reason = new Reason("policy-invalid", "ratio is 7");
        model.apply(run.requested(), START);
        model.apply(PolicyStatus.refused("tiny", "x", 1, 5, reason), START);
        model.apply(PolicyStatus.refused("default", null, 1, 5, reason), START);
        assertThat(model.rows()).hasSize(1);
        assertThat(model.rows().getFirst().policyRefusal()).isEqualTo(reason);

        Event accepted = PolicyStatus.accepted("tiny", 1, 6, ScriptedRun.PolicyRefs.SWAPPED);
        assertThat(model.apply(accepted, START)).isEqualTo(Effect.NEW);
        assertThat(model.apply(PolicyStatus.refused("tiny", "x", 1, 5, reason), START))
                .isEqualTo(Effect.REPEATED);
        assertThat(model.rows().getFirst().policyRefusal()).isNull();

        model.apply(PolicyStatus.refused("tiny", "y", 1, 7, reason), START);
        model.forget(Topic.POLICY_STATUS, run.runId(), START);
        assertThat(model.rows().getFirst().policyRefusal()).isNull();
    }

    @Test
    void shouldNotMoveTimesWhenAnEventIsRepeatedLater() {
        model.apply(run.snapshot(0), START);

        model.apply(run.snapshot(0), START.plusSeconds(60));

        RunRow row = model.rows().getFirst();
        assertThat(row.lastIterationAt()).isEqualTo(START);
        assertThat(row.updatedAt()).isEqualTo(START);
    }

    @Test
    void shouldKeepTheFirstDecisionOfAnIteration() {
        model.apply(run.decided(1), START);

        model.apply(
                run.decided(1, Verdict.KEEP, ScriptedRun.PolicyRefs.SWAPPED), START.plusSeconds(1));

        assertThat(model.rows().getFirst().lastDecision().verdict()).isEqualTo(Verdict.PRUNE);
    }

    @Test
    void shouldShowPartialRunsWithoutInventingAnything() {
        model.apply(run.epoch(2, 1), START);

        RunView view = model.run(run.runId()).orElseThrow();

        assertThat(view.specification()).isNull();
        assertThat(view.row().model()).isNull();
        assertThat(view.row().state()).isEqualTo(ReportedState.RUNNING);
        assertThat(view.row().remaining()).isNull();
        assertThat(view.row().progress()).isNull();
        assertThat(view.row().metrics()).isEmpty();
        assertThat(view.history()).singleElement().matches(one -> one.pqi().isEmpty());
    }

    @Test
    void shouldSayNothingOfTheRatioWhenThereIsNoWeight() {
        CompressibilityMeasured full = run.measured(0);
        model.apply(
                new CompressibilityMeasured(
                        full.runId(),
                        0,
                        full.snapshot(),
                        full.measurement(),
                        0,
                        PowerSums.none(full.global().exponents()),
                        List.of(new GroupIndex(0.5, 1, null, null)),
                        List.of(new CompressibilityMeasured.TensorIndex("w", 0, 0, List.of()))),
                START);

        RunView view = model.run(run.runId()).orElseThrow();

        assertThat(view.row().remaining()).isNull();
        assertThat(view.row().pqi().value()).isNull();
        assertThat(view.history().getFirst().tensors().getFirst().remaining()).isNull();
    }

    @Test
    void shouldFollowTheLoopInItsPhase() {
        model.apply(run.requested(), START);
        model.apply(run.status(ReportedState.RUNNING, 0, 0), START);
        assertThat(phase()).isEqualTo(RunActivity.TRAINING);
        model.apply(run.snapshot(0), START);
        assertThat(phase()).isEqualTo(RunActivity.MEASURING);
        model.apply(run.measured(0), START);
        assertThat(phase()).isEqualTo(RunActivity.DECIDING);
        model.apply(run.decided(0), START);
        assertThat(phase()).isEqualTo(RunActivity.TRAINING);
    }

    @Test
    void shouldDeriveTheStateOfAnExternalRunFromItsDecisions() {
        model.apply(external.requested(), START);
        assertThat(state()).isEqualTo(ReportedState.PENDING);
        model.apply(external.snapshot(0), START);
        assertThat(state()).isEqualTo(ReportedState.RUNNING);
        model.apply(external.decided(0), START);
        assertThat(state()).isEqualTo(ReportedState.RUNNING);
        assertThat(model.rows().getFirst().progress()).isEqualTo(0.25);
        model.apply(external.decided(3), START);
        assertThat(state()).isEqualTo(ReportedState.COMPLETED);
        assertThat(model.rows().getFirst().progress()).isEqualTo(1);
    }

    @Test
    void shouldFailAnExternalRunThatWasStoppedAsFailed() {
        PruningDecided stop = external.decided(3);
        model.apply(external.requested(), START);
        model.apply(
                new PruningDecided(
                        stop.runId(),
                        0,
                        Verdict.STOP,
                        Outcome.FAILED,
                        new Reason("not-measurable", "w[3] is NaN"),
                        stop.policy(),
                        null,
                        stop.total(),
                        stop.active(),
                        0,
                        stop.remaining(),
                        null,
                        List.of(),
                        List.of()),
                START);

        RunRow row = model.rows().getFirst();

        assertThat(row.state()).isEqualTo(ReportedState.FAILED);
        assertThat(row.reason().message()).isEqualTo("w[3] is NaN");
    }

    @Test
    void shouldLetOurTrainerHaveTheLastWordOnItsState() {
        model.apply(run.requested(), START);
        model.apply(run.status(ReportedState.RUNNING, 3, 0.9), START);

        model.apply(run.decided(3), START);

        assertThat(state()).isEqualTo(ReportedState.RUNNING);
    }

    @Test
    void shouldNotGoBackToAnOlderStatus() {
        model.apply(run.status(ReportedState.RUNNING, 2, 0), START);

        Effect effect = model.apply(run.status(ReportedState.RUNNING, 1, 0), START);

        assertThat(effect).isEqualTo(Effect.REPEATED);
        assertThat(model.rows().getFirst().iteration()).isEqualTo(2);
    }

    @Test
    void shouldShowWhyASnapshotWasNotMeasured() {
        model.apply(
                new MeasurementFailed(
                        run.runId(), 0, run.snapshot(0), new Reason("not-finite", "w[3] is NaN")),
                START);

        IterationView iteration = model.run(run.runId()).orElseThrow().history().getFirst();

        assertThat(iteration.reason().code()).isEqualTo("not-finite");
        assertThat(iteration.verdict()).isNull();
        assertThat(iteration.metrics()).isNotEmpty();
    }

    @Test
    void shouldHideADeletedRunUntilItIsRequestedAgain() {
        run.all().forEach(event -> model.apply(event, START));
        long before = model.changesSince(Changes.BEGINNING).revision();

        model.forget(Topic.RUNS, run.runId(), START);

        assertThat(model.run(run.runId())).isEmpty();
        assertThat(model.rows()).isEmpty();
        assertThat(model.changesSince(before).removed()).containsExactly(run.runId());
        RunRequested again =
                new RunRequested(
                        run.runId(),
                        DesiredState.RUNNING,
                        run.requested().specification(),
                        START.plusSeconds(1));
        model.apply(again, START.plusSeconds(1));
        assertThat(model.rows()).hasSize(1);
    }

    @Test
    void shouldTellOnlyWhatChanged() {
        run.all().forEach(event -> model.apply(event, START));
        long before = model.changesSince(Changes.BEGINNING).revision();

        model.apply(external.requested(), START.plusSeconds(1));

        Changes changes = model.changesSince(before);
        assertThat(changes.runs()).extracting(RunRow::runId).containsExactly(external.runId());
        assertThat(model.changesSince(changes.revision()).isEmpty()).isTrue();
    }

    @Test
    void shouldCountASelectionOnce() {
        var selected = new PolicySelected("tiny", Policy.DEFAULT, START);

        assertThat(model.apply(selected, START)).isEqualTo(Effect.NEW);
        assertThat(model.apply(selected, START)).isEqualTo(Effect.REPEATED);
    }

    private RunActivity phase() {
        return model.rows().getFirst().phase();
    }

    private ReportedState state() {
        return model.rows().getFirst().state();
    }
}
