// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.application.replay.ReplayRun;
import dev.espalier.controller.testing.Policies;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.sparsity.Scope;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpressionTest {

    @TempDir private Path folder;
    private World world;

    @BeforeEach
    void create() {
        world = new World(folder);
    }

    private static Policy policy(String expression, Scope scope) {
        return Policies.of(new PruningRule.Expression(expression, 0.5, 1, 0), scope);
    }

    private PruningDecided decide(int iteration, @Nullable ArtifactRef mask, double accuracy) {
        return world.decide(
                        world.loop.measured(iteration, World.weights(iteration), mask, accuracy))
                .decision();
    }

    @Test
    void shouldMakeTheMaskOfSapWhereItSaysTheSame() {
        for (Scope scope : Scope.values()) {
            var sap = new World(folder);
            sap.select("tiny", Policies.watched(Policies.sap(scope)), "tiny/policy-1");
            PruningDecided expected =
                    sap.decide(sap.loop.measured(0, World.weights(5), null)).decision();
            var own = new World(folder);
            own.select("tiny", policy("min((d - r) / d, 0.9)", scope), "tiny/policy-1");
            PruningDecided decision =
                    own.decide(own.loop.measured(0, World.weights(5), null)).decision();

            assertThat(decision.mask()).isEqualTo(expected.mask());
            assertThat(decision.reason().code()).isEqualTo("expression");
            assertThat(decision.reason().message())
                    .startsWith("expression 'min((d - r) / d, 0.9)'");
        }
    }

    @Test
    void shouldKnowTheCourseOfTheRunAndReplayIt() {
        world.select(
                "tiny",
                policy(
                        "tensor == 'linear.weight' ? 0.0 : metric < metric_dense ? 0.1 : 0.5 * remaining",
                        Scope.LAYER),
                "tiny/policy-1");

        PruningDecided first = decide(0, null, 0.9);
        PruningDecided second = decide(1, first.mask(), 0.8);

        assertThat(first.pruned()).isEqualTo(200);
        assertThat(second.pruned()).isEqualTo(20);
        assertThat(
                        new ReplayRun(world.store, World.FORMULAS, folder)
                                .replay(World.RUN, world.specification, null))
                .hasSize(2)
                .allSatisfy(one -> assertThat(one.differences()).isEmpty());
    }

    @Test
    void shouldMakeTheMaskAgainThatACrashTookAway() {
        world.select("tiny", policy("metric / metric_dense * 0.2", Scope.LAYER), "tiny/policy-1");
        PruningDecided first = decide(0, null, 0.9);
        PruningDecided second = decide(1, first.mask(), 0.45);
        byte[] mask = world.store.read(second.mask().key()).orElseThrow();
        world.store.remove(second.mask().key());

        assertThat(decide(1, first.mask(), 0.45)).isEqualTo(second);
        assertThat(world.store.read(second.mask().key()).orElseThrow()).isEqualTo(mask);
    }

    @Test
    void shouldKeepEverythingAndSayWhyWhereTheExpressionFails() {
        world.select("tiny", policy("0.1 / (0.9 - metric)", Scope.LAYER), "tiny/policy-1");

        PruningDecided kept = decide(0, null, 0.9);

        assertThat(kept.verdict()).isEqualTo(Verdict.KEEP);
        assertThat(kept.reason().code()).isEqualTo("expression-failed");
        assertThat(kept.reason().message())
                .contains("its value is Infinity for 'fc1.weight' (pqi ")
                .contains("a number from 0 to 1 is wanted; nothing goes");
        assertThat(kept.pruned()).isZero();
        assertThat(decide(1, null, 0.5).verdict()).isEqualTo(Verdict.PRUNE);
    }

    @Test
    void shouldFailARunWithoutAnEndRatherThanKeepForEver() {
        world.specification = World.specification(null, Rewind.INITIAL, null);
        world.select("tiny", policy("0.1 / (0.9 - metric)", Scope.LAYER), "tiny/policy-1");

        assertThat(decide(0, null, 0.9).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void shouldPassOverAnExpressionOfARequestThatIsNone() {
        world.specification =
                World.specification(30, Rewind.INITIAL, policy("pqi * 2", Scope.LAYER));

        PruningDecided decision = decide(0, null, 0.9);

        assertThat(decision.policy().setBy()).isEqualTo("built-in");
        assertThat(decision.reason().message()).contains("write numbers with a point");
    }

    @Test
    void shouldTellWhyAShadowFailed() {
        world.select(
                "tiny",
                Policies.watched(
                        Policies.sap(Scope.LAYER),
                        new Shadow(
                                "wild", null, new PruningRule.Expression("metric * 9.0", 1, 2, 0)),
                        new Shadow("mild", null, new PruningRule.Expression("pqi / 2.0", 1, 2, 0))),
                "tiny/policy-1");

        PruningDecided decision = decide(0, null, 0.9);

        assertThat(decision.verdict()).isEqualTo(Verdict.PRUNE);
        assertThat(decision.shadows().get(0).note()).contains("its value is 8.1");
        assertThat(decision.shadows().get(1).pruned()).isPositive();
    }
}
