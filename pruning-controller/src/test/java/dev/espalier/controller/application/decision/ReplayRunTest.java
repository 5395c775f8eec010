// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.application.replay.ReplayRun;
import dev.espalier.controller.application.replay.ReplayedIteration;
import dev.espalier.controller.testing.Policies;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Guard;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.Scope;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayRunTest {

    @TempDir private Path folder;
    private World world;

    /** A run with all that may happen: a swap, a roll-back, an eased plan, an end that failed. */
    @BeforeEach
    void run() {
        world = new World(folder);
        ArtifactRef mask = decide(0, null, 0.9).mask();
        world.select(
                "tiny",
                Policies.guarding(
                        Policies.oneShot(0.2, Scope.NEURON), 0.02, Guard.Action.ROLL_BACK),
                "tiny/policy-1");
        mask = decide(1, mask, 0.9).mask();
        mask = decide(2, mask, 0.5).mask();
        mask = decide(3, mask, 0.9).mask();
        world.decide(
                world.loop.failed(
                        world.loop.snapshot(4, World.weights(4).bytes(), mask),
                        new Reason("not-finite", "weight 3 of 'fc1.weight' is NaN")));
        assertThat(world.published)
                .extracting(PruningDecided::verdict)
                .containsExactly(
                        Verdict.PRUNE,
                        Verdict.PRUNE,
                        Verdict.ROLL_BACK,
                        Verdict.PRUNE,
                        Verdict.STOP);
    }

    private PruningDecided decide(int iteration, @Nullable ArtifactRef mask, double accuracy) {
        return world.decide(
                        world.loop.measured(iteration, World.weights(iteration), mask, accuracy))
                .decision();
    }

    private List<ReplayedIteration> replay(@Nullable Policy with) {
        var before = world.store.digests();
        List<ReplayedIteration> all =
                new ReplayRun(world.store, World.FORMULAS, folder)
                        .replay(World.RUN, world.specification, with);
        assertThat(world.store.digests()).as("nothing was written").isEqualTo(before);
        return all;
    }

    private void changeOneByte(ObjectKey key) {
        byte[] content = world.store.read(key).orElseThrow();
        content[content.length - 20] ^= 1;
        world.store.put(key, content);
    }

    @Test
    void invariant4ShouldDecideEverythingAgainToTheByte() {
        assertThat(replay(null))
                .hasSize(5)
                .allSatisfy(one -> assertThat(one.differences()).isEmpty());
    }

    @Test
    void shouldNameTheIterationAndTheDigestOfChangedWeights() {
        changeOneByte(ObjectKey.weights(World.RUN, 1));

        List<ReplayedIteration> all = replay(null);

        assertThat(all)
                .filteredOn(one -> !one.isIdentical())
                .extracting(one -> one.recorded().iteration())
                .containsExactly(1);
        assertThat(all.get(1).differences().toString())
                .contains("artifact-corrupt")
                .contains("iterations/000001/weights.safetensors has the sha256")
                .contains(world.register(1).weights().sha256().hex());
    }

    @Test
    void shouldNameTheDecisionWhoseMaskWasChanged() {
        changeOneByte(ObjectKey.mask(World.RUN, 4));

        List<ReplayedIteration> all = replay(null);

        assertThat(all.get(3).isIdentical()).isFalse();
        assertThat(all.get(3).differences().getFirst())
                .contains("iterations/000004/mask.safetensors has the sha256");
    }

    @Test
    void shouldSayWhatAnotherPolicyWouldHaveDone() {
        List<ReplayedIteration> all = replay(Policies.fixedRatio(0.5, Scope.GLOBAL));

        assertThat(all.get(0).again().pruned()).isEqualTo(245);
        assertThat(all.get(2).recorded().verdict()).isEqualTo(Verdict.ROLL_BACK);
        assertThat(all.get(2).again().verdict()).isEqualTo(Verdict.PRUNE);
        assertThat(all.get(2).again().active()).isEqualTo(all.get(2).recorded().active());
    }
}
