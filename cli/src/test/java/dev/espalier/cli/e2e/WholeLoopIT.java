// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole loop, for real: what it promises about every run. */
final class WholeLoopIT {

    private static RealLoop loop;

    @BeforeAll
    static void start() {
        loop = RealLoop.shared();
    }

    @Test
    void shouldPruneFloorOfDTimesIUnderGlobalSap() throws IOException {
        // Given
        Policy sap = policy("sap-global", Scope.GLOBAL, new PruningRule.Sap(0.5, 1, 0, 1, 0.9));

        // When
        RunId run = loop.submit("sap-global", RealLoop.small(3, sap));
        List<PruningDecided> decisions = loop.awaitStop(run);

        // Then
        assertRunHolds(run, decisions, 3);
        for (PruningDecided decision : decisions.subList(0, 3)) {
            double index = decision.pqi().value();
            assertThat(decision.pruned())
                    .as("floor(%d · %s)", decision.active(), index)
                    .isEqualTo((long) Math.floor(decision.active() * index));
        }
        assertThat(loop.awaitFinal(run).state()).isEqualTo(ReportedState.COMPLETED);
    }

    @Test
    void shouldLeaveFourFifthsUnderTheLotteryTicket() throws IOException {
        // Given
        Policy lottery = policy("lottery", Scope.LAYER, new PruningRule.FixedRatio(0.2));

        // When
        RunId run = loop.submit("lottery", RealLoop.small(2, lottery));
        List<PruningDecided> decisions = loop.awaitStop(run);

        // Then
        assertRunHolds(run, decisions, 2);
        assertThat(decisions)
                .extracting(PruningDecided::remaining)
                .satisfiesExactly(
                        remaining -> assertThat(remaining).isEqualTo(1),
                        remaining -> assertThat(remaining).isCloseTo(0.8, within(1e-4)),
                        remaining -> assertThat(remaining).isCloseTo(0.64, within(1e-4)));
    }

    @Test
    void shouldRankByTheDenseModelInOneShotByNeuron() throws IOException {
        // Given
        Policy oneShot = policy("one-shot", Scope.NEURON, new PruningRule.OneShot(0.3));

        // When
        RunId run = loop.submit("one-shot", RealLoop.small(2, oneShot));
        List<PruningDecided> decisions = loop.awaitStop(run);

        // Then
        assertRunHolds(run, decisions, 2);
    }

    @Test
    void shouldUseASwappedPolicyFromTheNextDecisionOn() {
        // Given
        RunId run = loop.submit("swapped", RealLoop.small(5, null));
        loop.awaitIteration(run, 0);

        // When
        Policy lottery = policy("lottery-later", Scope.LAYER, new PruningRule.FixedRatio(0.1));
        var selected = new PolicySelected(run.value(), lottery, Clock.systemUTC().instant());
        loop.send(selected);
        List<PruningDecided> decisions = loop.awaitStop(run);

        // Then
        assertThat(decisions.getFirst().policy().name()).isEqualTo("sap-default");
        assertThat(decisions.getLast().policy().name()).isEqualTo("lottery-later");
        assertThat(decisions.getLast().policy().setBy()).isEqualTo(selected.eventId());
    }

    @Test
    void shouldFailARunWhoseDataAreNotThere(@TempDir Path empty) {
        // Given
        RunSpecification small = RealLoop.small(1, null);
        var specification =
                new RunSpecification(
                        small.trainer(),
                        "mlp",
                        new DatasetSpec("mnist", empty.toString()),
                        small.training(),
                        0,
                        small.rewind(),
                        1,
                        small.pairs(),
                        null);

        // When
        RunId run = loop.submit("no-data", specification);

        // Then
        var status = loop.awaitFinal(run);
        assertThat(status.state()).isEqualTo(ReportedState.FAILED);
        assertThat(status.reason().message()).contains(empty.toString());
    }

    private static Policy policy(String name, Scope scope, PruningRule rule) {
        return new Policy(name, scope, rule, 1, List.of(), StopRule.NONE);
    }

    /** What holds for every finished run, whatever its policy. */
    private static void assertRunHolds(RunId run, List<PruningDecided> decisions, int iterations)
            throws IOException {
        assertThat(decisions).hasSize(iterations + 1);
        assertThat(decisions.getLast().verdict()).isEqualTo(Verdict.STOP);
        assertThat(decisions.getLast().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(decisions.getLast().pruned()).isZero();
        Mask before = Mask.DENSE;
        for (int t = 0; t < iterations; t++) {
            PruningDecided decision = decisions.get(t);
            assertThat(decision.pruned()).isPositive();
            assertThat(decisions.get(t + 1).active())
                    .as("active(%d) = active(%d) - pruned(%d)", t + 1, t, t)
                    .isEqualTo(decision.active() - decision.pruned());
            Mask after = loop.mask(decision.mask());
            assertThat(after.active()).isEqualTo(decisions.get(t + 1).active());
            assertSubset(after, before);
            before = after;
        }
        for (SnapshotPublished snapshot : loop.of(SnapshotPublished.class, run)) {
            assertPrunedWeightsAreZero(snapshot);
        }
    }

    private static void assertSubset(Mask after, Mask before) {
        after.tensors()
                .forEach(
                        (name, mask) -> {
                            MaskTensor earlier = before.tensor(name);
                            if (earlier != null) {
                                assertThat(mask.isSubsetOf(earlier)).as(name).isTrue();
                            }
                        });
    }

    private static void assertPrunedWeightsAreZero(SnapshotPublished snapshot) throws IOException {
        Mask mask = loop.mask(snapshot.mask());
        try (ByteSource weights = loop.fetch(snapshot.weights());
                Arena arena = Arena.ofConfined()) {
            SafetensorsHeader header = SafetensorsHeader.read(weights);
            for (String name : mask.tensors().keySet()) {
                TensorInfo info = header.tensor(name).orElseThrow();
                MemorySegment bytes = arena.allocate(info.byteSize(), 8);
                weights.read(info.offset(), bytes);
                MaskTensor bits = mask.tensors().get(name);
                for (long i = 0; i < info.count(); i++) {
                    if (!bits.get(i)) {
                        assertThat(bytes.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(0f);
                    }
                }
            }
        }
    }
}
