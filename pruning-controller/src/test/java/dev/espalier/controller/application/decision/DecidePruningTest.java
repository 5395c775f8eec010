// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.controller.testing.Policies;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.PruningDecided.TensorCount;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.transport.documents.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecidePruningTest {

    @TempDir private Path folder;
    private World world;

    @BeforeEach
    void create() {
        world = new World(folder);
    }

    @Test
    void invariant2ShouldPruneExactlyThePlannedWeights() {
        world.specification = World.specification(6, Rewind.INITIAL, Policies.sap(Scope.NEURON));
        ArtifactRef mask = null;
        long active = 490;
        for (int t = 0; t <= 6; t++) {
            Weights weights = World.weights(t);
            PruningDecided decision =
                    world.decide(world.loop.measured(t, weights, mask)).decision();

            assertThat(decision.total()).isEqualTo(490);
            assertThat(decision.active()).isEqualTo(active);
            assertThat(decision.remaining()).isEqualTo(active / 490.0);
            assertThat(decision.verdict()).isEqualTo(t < 6 ? Verdict.PRUNE : Verdict.STOP);
            assertThat(decision.tensors().stream().mapToLong(TensorCount::pruned).sum())
                    .isEqualTo(decision.pruned());
            if (t < 6) {
                assertThat(decision.mask().key()).isEqualTo(ObjectKey.mask(World.RUN, t + 1));
                Mask before = world.loop.read(mask);
                Mask after = world.loop.read(decision.mask());
                assertThat(after.active()).isEqualTo(active - decision.pruned());
                before.tensors()
                        .forEach(
                                (name, bits) ->
                                        assertThat(after.tensor(name).isSubsetOf(bits)).isTrue());
            } else {
                assertThat(decision.pruned()).isZero();
                assertThat(decision.mask()).isNull();
                assertThat(decision.outcome()).isEqualTo(Outcome.COMPLETED);
                assertThat(decision.reason().code()).isEqualTo("iterations-reached");
                assertThat(world.register(6).groups()).allMatch(group -> group.pruned() == 0);
            }
            mask = decision.mask();
            active -= decision.pruned();
        }
    }

    @Test
    void shouldWarnWhereTheGlobalScopeLeavesALayerWithoutWeights() {
        world.select("tiny", Policies.fixedRatio(0.2, Scope.GLOBAL), "tiny/policy-1");
        double[] large = new double[16];
        java.util.Arrays.fill(large, 1);
        Weights weights =
                Weights.of(
                        Weights.matrix("small.weight", 2, 0.1, 0.2, 0.3, 0.4),
                        Weights.matrix("tall.weight", 4, large));

        PruningDecided decision = world.decide(world.loop.measured(0, weights, null)).decision();

        assertThat(decision.tensors()).contains(new TensorCount("small.weight", 4, 4));
        assertThat(decision.reason().code()).isEqualTo("fixed-ratio");
        assertThat(decision.reason().message())
                .endsWith(
                        "; small.weight has no weight left, so nothing passes through\nMaybe exclude it, or take the scope layer");
    }

    @Test
    void invariant7ShouldRegisterEverythingThatTheDecisionUsed() {
        Policy policy = Policies.excluding(Policies.fixedRatio(0.2, Scope.LAYER), "linear.weight");
        world.select("tiny", policy, "tiny/policy-7");
        CompressibilityMeasured event = world.loop.measured(0, World.weights(1), null);

        PruningDecided decision = world.decide(event).decision();

        DecisionRecord record = world.register(0);
        assertThat(record.decision()).isEqualTo(decision);
        assertThat(record.policy()).isEqualTo(policy);
        assertThat(decision.policy().setBy()).isEqualTo("tiny/policy-7");
        assertThat(record.weights()).isEqualTo(event.snapshot().weights());
        assertThat(record.mask()).isNull();
        assertThat(record.measurement()).isEqualTo(event.measurement());
        assertThat(record.excluded())
                .containsExactly(
                        new ExcludedTensor("fc1.bias", "its name does not end in 'weight'"),
                        new ExcludedTensor(
                                "linear.weight", "excluded by the pattern 'linear.weight'"));
        assertThat(decision.tensors())
                .containsExactly(
                        new TensorCount("fc1.weight", 400, 80),
                        new TensorCount("linear.weight", 90, 0));
        assertThat(decision.pqi().value()).isBetween(0.1, 0.2);
        assertThat(decision.metrics()).isEqualTo(event.snapshot().metrics());
    }

    @Test
    void invariant4ShouldGiveTheSameBytesForTheSameInputs() {
        var other = new World(folder);
        world.decide(world.loop.measured(0, World.weights(1), null));
        other.decide(other.loop.measured(0, World.weights(1), null));

        assertThat(other.store.digests()).isEqualTo(world.store.digests());
    }

    @Test
    void shouldTakeTheRunsPolicyBeforeItsOwnBeforeTheDefaultBeforeTheBuiltInOne() {
        Policy own = Policies.named(Policies.sap(Scope.LAYER), "own");
        assertThat(setBy(0)).isEqualTo("built-in");
        world.select("default", own, "default/policy-1");
        assertThat(setBy(1)).isEqualTo("default/policy-1");
        world.specification = World.specification(30, Rewind.INITIAL, own);
        assertThat(setBy(2)).isEqualTo(World.REQUEST);
        world.select("tiny", own, "tiny/policy-1");
        assertThat(setBy(3)).isEqualTo("tiny/policy-1");
    }

    private String setBy(int iteration) {
        return world.decide(world.loop.measured(iteration, World.weights(1), null))
                .decision()
                .policy()
                .setBy();
    }

    @Test
    void shouldHoldToTheSpecificationThatTheTrainerAccepted() {
        world.store.put(
                ObjectKey.specification(World.RUN),
                Json.bytes(World.specification(0, Rewind.INITIAL, null)));

        PruningDecided decision =
                world.decide(world.loop.measured(0, World.weights(1), null)).decision();

        assertThat(decision.reason().code()).isEqualTo("iterations-reached");
    }

    @Test
    void shouldFallBackToTheNextPolicyThatFitsAndSaySo() {
        Policy unmeasured = Policies.of(new PruningRule.Sap(0.3, 1, 0, 1, 0.9), Scope.LAYER);
        world.select("tiny", unmeasured, "tiny/policy-1");
        world.select("default", Policies.sap(Scope.LAYER), "default/policy-1");

        PruningDecided decision =
                world.decide(world.loop.measured(0, World.weights(1), null)).decision();

        assertThat(decision.policy().setBy()).isEqualTo("default/policy-1");
        assertThat(decision.verdict()).isEqualTo(Verdict.PRUNE);
        assertThat(decision.reason().code()).isEqualTo("sap-bound");
        assertThat(decision.reason().message())
                .contains("prunes by the pair (0.3, 1.0)")
                .contains("SAP (0.5, 1.0) by layer");
    }

    @Test
    void shouldFailTheRunWhereNoPolicyFits() {
        Weights weights = World.weights(1);
        SnapshotPublished snapshot = world.loop.snapshot(0, weights.bytes(), null);
        Measurement measurement =
                new Measurement(
                        World.RUN,
                        0,
                        snapshot.weights(),
                        null,
                        List.of(1.0, 1.5, 2.0),
                        List.of(),
                        weights.measured(Mask.DENSE),
                        List.of());

        Decided decided = world.decide(world.loop.measured(snapshot, measurement));

        assertThat(decided.decision().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(decided.decision().reason().code()).isEqualTo("policy-not-applicable");
        assertThat(decided.decision().active()).isEqualTo(490);
        assertThat(decided.deadLetter()).isNull();
    }

    @Test
    void shouldRankOneShotByTheDenseWeightsOfIterationZero() {
        world.select("tiny", Policies.oneShot(0.2, Scope.LAYER), "tiny/policy-1");
        Weights dense = World.weights(1);
        ArtifactRef first = world.decide(world.loop.measured(0, dense, null)).decision().mask();
        ArtifactRef second =
                world.decide(world.loop.measured(1, World.weights(2), first)).decision().mask();

        var straight = new World(folder);
        straight.select("tiny", Policies.oneShot(0.2, Scope.LAYER), "tiny/policy-1");
        straight.decide(straight.loop.measured(0, dense, null));
        ArtifactRef ofDenseAlone =
                straight.decide(straight.loop.measured(1, dense, first)).decision().mask();
        assertThat(second.sha256()).isEqualTo(ofDenseAlone.sha256());
        assertThat(world.loop.read(second).active()).isEqualTo(256 + 58);
    }

    @Test
    void shouldKeepTheSameMaskWhereNothingGoesAndTrainingGoesOn() {
        world.specification = World.specification(9, Rewind.NONE, null);
        ArtifactRef mask =
                world.decide(world.loop.measured(0, World.weights(1), null)).decision().mask();
        world.select("tiny", Policies.keeping(Policies.sap(Scope.LAYER), 1000), "tiny/policy-1");

        PruningDecided decision =
                world.decide(world.loop.measured(1, World.weights(2), mask)).decision();

        assertThat(decision.verdict()).isEqualTo(Verdict.KEEP);
        assertThat(decision.mask()).isEqualTo(mask);
        assertThat(world.register(1).groups())
                .allMatch(group -> "the policy keeps at least 1000".equals(group.note()));
    }

    @Test
    void shouldStopWhereFewerWeightsRemainThanWanted() {
        ArtifactRef mask =
                world.decide(world.loop.measured(0, World.weights(1), null)).decision().mask();
        world.select(
                "tiny",
                Policies.stopping(Policies.sap(Scope.LAYER), new StopRule(null, 0.99)),
                "tiny/policy-1");

        PruningDecided decision =
                world.decide(world.loop.measured(1, World.weights(2), mask)).decision();

        assertThat(decision.reason().code()).isEqualTo("remaining-below");
        assertThat(decision.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(decision.pruned()).isZero();
    }

    @Test
    void invariant6ShouldFailTheRunWithTheReasonOfAFailedMeasurement() {
        PruningDecided first =
                world.decide(world.loop.measured(0, World.weights(1), null)).decision();
        SnapshotPublished snapshot = world.loop.snapshot(1, new byte[] {1, 2, 3}, first.mask());
        Reason reason = new Reason("not-finite", "weight 3 of 'fc1.weight' is NaN");
        MeasurementFailed event = world.loop.failed(snapshot, reason);

        Decided decided = world.decide(event);

        assertThat(decided.decision().verdict()).isEqualTo(Verdict.STOP);
        assertThat(decided.decision().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(decided.decision().reason()).isEqualTo(reason);
        assertThat(decided.decision().total()).isEqualTo(490);
        assertThat(decided.decision().active()).isEqualTo(490 - first.pruned());
        assertThat(decided.deadLetter()).isNull();
        assertThat(world.register(1).measurement()).isNull();
        assertThat(world.decide(event).decision()).isEqualTo(decided.decision());
    }

    @Test
    void shouldCountNothingWhereNothingIsKnown() {
        SnapshotPublished snapshot = world.loop.snapshot(0, new byte[] {1, 2, 3}, null);

        PruningDecided decision =
                world.decide(world.loop.failed(snapshot, new Reason("truncated", "3 bytes")))
                        .decision();

        assertThat(decision.total()).isZero();
        assertThat(decision.remaining()).isEqualTo(1);
    }

    @Test
    void invariant6ShouldFailTheRunWhenAnArtefactIsCorrupt() {
        CompressibilityMeasured event = world.loop.measured(0, World.weights(1), null);
        world.store.put(event.snapshot().weights().key(), World.weights(2).bytes());

        Decided decided = world.decide(event);

        assertThat(decided.decision().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(decided.decision().reason().code()).isEqualTo("artifact-corrupt");
        assertThat(decided.deadLetter()).contains("sha256");
        assertThat(world.decide(event).deadLetter()).isEqualTo(decided.deadLetter());
    }

    @Test
    void shouldRefuseAMeasurementOfOtherWeights() {
        CompressibilityMeasured event = world.loop.measured(0, World.weights(1), null);
        SnapshotPublished other = world.loop.snapshot(1, World.weights(2).bytes(), null);
        var mixed =
                new CompressibilityMeasured(
                        World.RUN,
                        1,
                        other,
                        event.measurement(),
                        event.total(),
                        event.global(),
                        List.of(),
                        List.of());

        assertThat(world.decide(mixed).decision().reason().code()).isEqualTo("artifact-corrupt");
    }

    @Test
    void shouldRefuseAnEventWhoseSnapshotIsOfAnotherIteration() {
        CompressibilityMeasured event = world.loop.measured(0, World.weights(1), null);
        var mixed =
                new CompressibilityMeasured(
                        World.RUN,
                        3,
                        event.snapshot(),
                        event.measurement(),
                        event.total(),
                        event.global(),
                        List.of(),
                        List.of());

        assertThatThrownBy(() -> world.decide(mixed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("runs/tiny/iterations/3 holds the snapshot runs/tiny/iterations/0");
    }

    @Test
    void shouldNotDecideOnARunThatNobodyRequested() {
        world.specification = null;
        CompressibilityMeasured event = world.loop.measured(0, World.weights(1), null);

        assertThatThrownBy(() -> world.decide(event))
                .isInstanceOf(UnknownRunException.class)
                .hasMessageContaining("'tiny'");
        assertThat(world.published).isEmpty();
    }
}
