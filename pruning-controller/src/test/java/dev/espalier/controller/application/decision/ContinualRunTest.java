// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static dev.espalier.controller.testing.Weights.matrix;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.application.replay.ReplayRun;
import dev.espalier.controller.application.replay.ReplayedIteration;
import dev.espalier.controller.testing.Policies;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Guard;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunLength;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs without an end keep what is needed, and no more. */
class ContinualRunTest {

    @TempDir private Path folder;

    private static RunSpecification unbounded(int kept) {
        return new RunSpecification(
                TrainerKind.EXTERNAL,
                null,
                null,
                TrainingSpec.DEFAULT,
                0,
                Rewind.NONE,
                RunLength.UNBOUNDED,
                NormPair.DEFAULTS,
                null,
                kept,
                null);
    }

    private static Weights few(int seed) {
        var random = new SplittableRandom(seed);
        double[] values = new double[120];
        java.util.Arrays.setAll(values, i -> random.nextGaussian());
        return Weights.of(matrix("fc.weight", 10, values));
    }

    /** What a trainer does: it trains under the mask that it was told, and its old weights go. */
    private static CompressibilityMeasured next(
            World world, int iteration, @Nullable ArtifactRef mask, double accuracy, int kept) {
        if (iteration > kept) {
            world.store.remove(ObjectKey.weights(World.RUN, iteration - kept));
        }
        return world.loop.measured(iteration, few(iteration % 7), mask, accuracy);
    }

    @Test
    void shouldNeverRemoveWhatIsStillNeededWhoeverDies() {
        for (int seed = 0; seed < 8; seed++) {
            var random = new SplittableRandom(seed);
            int kept = random.nextInt(2, 8);
            var world = new World(folder);
            world.specification = unbounded(kept);
            Policy policy =
                    guarded(random.nextBoolean() ? Guard.Action.HOLD : Guard.Action.ROLL_BACK);
            world.select("tiny", policy, "tiny/policy-1");
            world.onStep =
                    step -> {
                        if (step.startsWith("delete") && random.nextInt(3) == 0) {
                            throw new Killed();
                        }
                    };
            ArtifactRef mask = null;
            for (int t = 0; t < 40; t++) {
                CompressibilityMeasured event =
                        next(world, t, mask, random.nextInt(6) == 0 ? 0.8 : 0.9, kept);
                PruningDecided decision = decide(world, event);
                if (decision.verdict() == Verdict.STOP) {
                    break;
                }
                mask = decision.mask();
                requireThere(world, seed, mask);
                for (int k = Math.max(0, t - kept + 1); k <= t; k++) {
                    requireThere(world, seed, world.register(k).mask());
                    requireThere(world, seed, world.register(k).measurement());
                }
                Integer within = decision.guard().lastWithin();
                if (within != null) {
                    requireThere(world, seed, world.register(within).mask());
                }
            }
        }
    }

    private static Policy guarded(Guard.Action action) {
        return new Policy(
                "guarded",
                Scope.GLOBAL,
                new PruningRule.FixedRatio(0.05),
                1,
                List.of(),
                StopRule.NONE,
                List.of(),
                new Guard("accuracy", "test", 0.02, action),
                List.of());
    }

    private static final class Killed extends RuntimeException {}

    private static PruningDecided decide(World world, CompressibilityMeasured event) {
        try {
            return world.decide(event).decision();
        } catch (Killed _) {
            return world.decide(event).decision();
        }
    }

    private static void requireThere(World world, int seed, @Nullable ArtifactRef ref) {
        if (ref != null) {
            assertThat(world.store.size(ref.key())).as("seed %d: %s", seed, ref).isPresent();
        }
    }

    @Test
    void shouldSayInAReplayWhatIsNoLongerKept() {
        int kept = 3;
        var world = new World(folder);
        world.specification = unbounded(kept);
        world.select("tiny", Policies.fixedRatio(0.05, Scope.GLOBAL), "tiny/policy-1");
        ArtifactRef mask = null;
        for (int t = 0; t < 12; t++) {
            mask = world.decide(next(world, t, mask, 0.9, kept)).decision().mask();
        }

        List<ReplayedIteration> all =
                new ReplayRun(world.store, World.FORMULAS, folder)
                        .replay(World.RUN, world.specification, null);

        assertThat(all).hasSize(12);
        assertThat(all.getFirst().collected()).endsWith("mask.safetensors is no longer kept");
        assertThat(all.subList(1, 9))
                .allSatisfy(
                        one ->
                                assertThat(one.collected())
                                        .endsWith("weights.safetensors is no longer kept"));
        assertThat(all.subList(9, 12)).allMatch(ReplayedIteration::isIdentical);
    }

    @Test
    void shouldRepeatAnOldDecisionWithoutTheMaskThatIsNoLongerKept() {
        var world = new World(folder);
        world.specification = unbounded(3);
        world.select("tiny", Policies.fixedRatio(0.05, Scope.GLOBAL), "tiny/policy-1");
        CompressibilityMeasured second = null;
        ArtifactRef mask = null;
        for (int t = 0; t < 12; t++) {
            CompressibilityMeasured event = next(world, t, mask, 0.9, 3);
            second = t == 1 ? event : second;
            mask = world.decide(event).decision().mask();
        }
        var before = world.store.digests();
        PruningDecided recorded = world.register(1).decision();
        assertThat(world.store.size(recorded.mask().key())).isEmpty();

        assertThat(world.decide(second).decision()).isEqualTo(recorded);
        assertThat(world.store.digests()).isEqualTo(before);
    }

    @Test
    void shouldRemoveNothingOfARunThatKeepsEverything() {
        var world = new World(folder);
        world.select("tiny", Policies.fixedRatio(0.05, Scope.GLOBAL), "tiny/policy-1");
        ArtifactRef mask = null;
        for (int t = 0; t < 12; t++) {
            mask = world.decide(next(world, t, mask, 0.9, 100)).decision().mask();
        }

        assertThat(world.store.digests()).hasSize(12 * 4);
    }
}
