// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.application.replay.ReplayRun;
import dev.espalier.controller.testing.Policies;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.event.ShadowOutcome.TensorOutcome;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShadowTest {

    @TempDir private Path folder;
    private World world;

    @BeforeEach
    void create() {
        world = new World(folder);
    }

    private PruningDecided first(World in) {
        return in.decide(in.loop.measured(0, World.weights(1), null)).decision();
    }

    @Test
    void shouldAskTheLotteryTicketWhereNobodySaysOtherwise() {
        ShadowOutcome shadow = first(world).shadows().getFirst();

        assertThat(shadow.name()).isEqualTo("fixed-ratio-0.2");
        assertThat(shadow.pruned()).isEqualTo(80 + 18);
        assertThat(shadow.tensors())
                .extracting(TensorOutcome::tensor, TensorOutcome::pruned)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("fc1.weight", 80L),
                        org.assertj.core.groups.Tuple.tuple("linear.weight", 18L));
    }

    @Test
    void shouldCountTheOverlapWithTheRealMaskExactly() {
        world.select(
                "tiny",
                Policies.watched(
                        Policies.sap(Scope.LAYER),
                        new Shadow("ten", Scope.NEURON, new PruningRule.FixedRatio(0.1)),
                        new Shadow("same", null, new PruningRule.Sap(0.5, 1, 0, 1, 0.9))),
                "tiny/policy-1");
        PruningDecided real = first(world);

        var alone = new World(folder);
        alone.select("tiny", Policies.fixedRatio(0.1, Scope.NEURON), "tiny/policy-1");
        Mask ten = alone.loop.read(first(alone).mask());
        Mask own = world.loop.read(real.mask());
        long both = 0;
        for (String tensor : List.of("fc1.weight", "linear.weight")) {
            MaskTensor one = own.tensor(tensor);
            for (long i = 0; i < one.count(); i++) {
                both += !one.get(i) && !ten.tensor(tensor).get(i) ? 1 : 0;
            }
        }
        assertThat(both).isBetween(1L, 48L);
        assertThat(real.shadows().get(0).pruned()).isEqualTo(49 - 9 + 9);
        assertThat(real.shadows().get(0).overlap()).isEqualTo(both);
        assertThat(real.shadows().get(1).pruned()).isEqualTo(real.pruned());
        assertThat(real.shadows().get(1).overlap()).isEqualTo(real.pruned());
    }

    @Test
    void shouldAskTheShadowsOfTheRunUnlessThePolicyNamesItsOwn() {
        RunSpecification usual = World.specification(30, Rewind.INITIAL, null);
        world.specification =
                new RunSpecification(
                        usual.trainer(),
                        null,
                        null,
                        usual.training(),
                        0,
                        usual.rewind(),
                        usual.length(),
                        usual.pairs(),
                        null,
                        null,
                        List.of(new Shadow("of-run", null, new PruningRule.FixedRatio(0.5))));

        PruningDecided first = first(world);
        world.select(
                "tiny",
                Policies.watched(
                        Policies.sap(Scope.LAYER),
                        new Shadow("of-policy", null, new PruningRule.FixedRatio(0.5))),
                "tiny/policy-1");
        PruningDecided second =
                world.decide(world.loop.measured(1, World.weights(2), first.mask())).decision();

        assertThat(first.shadows()).extracting(ShadowOutcome::name).containsExactly("of-run");
        assertThat(first.policy().setBy()).isEqualTo("built-in");
        assertThat(second.shadows()).extracting(ShadowOutcome::name).containsExactly("of-policy");
        assertThat(
                        new ReplayRun(world.store, World.FORMULAS, folder)
                                .replay(World.RUN, world.specification, null))
                .hasSize(2)
                .allSatisfy(one -> assertThat(one.differences()).isEmpty());
    }

    @Test
    void shouldNeverActOnAShadow() {
        Policy policy = Policies.sap(Scope.LAYER);
        world.select("tiny", Policies.watched(policy), "tiny/policy-1");
        var watched = new World(folder);
        watched.select(
                "tiny",
                Policies.watched(
                        policy, new Shadow("wild", Scope.GLOBAL, new PruningRule.OneShot(0.9))),
                "tiny/policy-1");

        PruningDecided alone = first(world);
        PruningDecided beside = first(watched);

        assertThat(alone.shadows()).isNull();
        assertThat(beside.shadows()).hasSize(1);
        assertThat(beside.mask()).isEqualTo(alone.mask());
        assertThat(beside.tensors()).isEqualTo(alone.tensors());
    }

    @Test
    void shouldSayWhyAShadowHasNothingToSay() {
        world.select(
                "tiny",
                Policies.watched(
                        Policies.keeping(Policies.sap(Scope.LAYER), 1000),
                        new Shadow("unmeasured", null, new PruningRule.Sap(0.3, 1, 0, 1, 0.9)),
                        new Shadow("half", null, new PruningRule.FixedRatio(0.5))),
                "tiny/policy-1");

        PruningDecided decision = first(world);

        assertThat(decision.verdict()).isEqualTo(Verdict.STOP);
        assertThat(decision.shadows().get(0).note()).contains("(0.3, 1.0)").doesNotContain("\n");
        assertThat(decision.shadows().get(1))
                .isEqualTo(new ShadowOutcome("half", 0, null, List.of(), null));
    }
}
