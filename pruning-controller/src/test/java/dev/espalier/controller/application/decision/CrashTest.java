// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.controller.application.SelectedPolicies;
import dev.espalier.controller.testing.Policies;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.sparsity.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {

    /** What {@code kill -9} does: nothing of the process runs any more. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @TempDir private Path folder;

    private CompressibilityMeasured measuredAfterOneDecision(World world) {
        Decided first = world.decide(world.loop.measured(0, World.weights(1), null));
        world.published.clear();
        return world.loop.measured(1, World.weights(2), first.decision().mask());
    }

    private static Consumer<String> killAt(int step) {
        var steps = new AtomicInteger();
        return name -> {
            if (steps.getAndIncrement() == step) {
                throw new Killed();
            }
        };
    }

    @Test
    void invariant1ShouldReachTheSameEndWhereverTheProcessDies() {
        var undisturbed = new World(folder);
        CompressibilityMeasured event = measuredAfterOneDecision(undisturbed);
        List<String> steps = new ArrayList<>();
        undisturbed.onStep = steps::add;
        PruningDecided expected = undisturbed.decide(event).decision();
        undisturbed.onStep = step -> {};
        Map<String, Sha256> objects = undisturbed.store.digests();

        assertThat(steps)
                .containsSubsequence(
                        "before creating decision.json",
                        "after creating decision.json",
                        "before uploading mask.safetensors",
                        "after uploading mask.safetensors",
                        "before publishing",
                        "after publishing");
        for (int step = 0; step < steps.size(); step++) {
            var world = new World(folder);
            CompressibilityMeasured again = measuredAfterOneDecision(world);
            world.onStep = killAt(step);
            assertThatThrownBy(() -> world.decide(again)).isInstanceOf(Killed.class);
            // The one that comes after dies as well, at each of its own steps.
            for (int second = 0; second < 2; second++) {
                world.onStep = killAt(second);
                assertThatThrownBy(() -> world.decide(again)).isInstanceOf(Killed.class);
            }
            world.onStep = name -> {};
            world.decide(again);

            assertThat(world.store.digests())
                    .as("killed at '%s'", steps.get(step))
                    .isEqualTo(objects);
            assertThat(world.published)
                    .as("killed at '%s'", steps.get(step))
                    .isNotEmpty()
                    .allMatch(expected::equals);
        }
    }

    @Test
    void shouldAnnounceARepeatedMessageAgainAndWriteNothing() {
        var world = new World(folder);
        CompressibilityMeasured event = measuredAfterOneDecision(world);
        Decided first = world.decide(event);
        Map<String, Sha256> objects = world.store.digests();
        world.select("tiny", Policies.fixedRatio(0.5, Scope.GLOBAL), "tiny/policy-1");

        Decided second = world.decide(event);

        assertThat(first.first()).isTrue();
        assertThat(second.first()).isFalse();
        assertThat(second.decision()).isEqualTo(first.decision());
        assertThat(world.published).containsExactly(first.decision(), first.decision());
        assertThat(world.store.digests()).isEqualTo(objects);
    }

    @Test
    void shouldMakeTheMaskAgainUnderTheRecordedPolicy() {
        var world = new World(folder);
        CompressibilityMeasured event = measuredAfterOneDecision(world);
        world.decide(event);
        Map<String, Sha256> objects = world.store.digests();
        world.store.remove(ObjectKey.mask(World.RUN, 2));
        world.select("tiny", Policies.fixedRatio(0.5, Scope.GLOBAL), "tiny/policy-1");

        world.decide(event);

        assertThat(world.store.digests()).isEqualTo(objects);
    }

    @Test
    void invariant1ShouldFollowTheFirstOfTwoDifferentDecisions() {
        var world = new World(folder);
        CompressibilityMeasured event = measuredAfterOneDecision(world);
        var other = new World(folder);
        DecidePruning rival =
                world.controller(
                        target ->
                                java.util.Optional.of(
                                        new SelectedPolicies.ChosenPolicy(
                                                Policies.fixedRatio(0.5, Scope.GLOBAL), "rival")));
        List<Decided> rivals = new ArrayList<>();
        world.onStep =
                step -> {
                    if (step.equals("before creating decision.json") && rivals.isEmpty()) {
                        world.onStep = other.onStep;
                        rivals.add(rival.decide(event, "rival"));
                    }
                };

        Decided ours = world.decide(event);

        assertThat(ours.first()).isFalse();
        assertThat(rivals.getFirst().first()).isTrue();
        assertThat(ours.decision()).isEqualTo(rivals.getFirst().decision());
        assertThat(ours.decision().policy().setBy()).isEqualTo("rival");
        assertThat(world.loop.read(ours.decision().mask()).active())
                .isEqualTo(ours.decision().active() - ours.decision().pruned());
        assertThat(world.published).hasSize(2).allMatch(ours.decision()::equals);
    }

    @Test
    void invariant1ShouldDecideOnceWhenTwoControllersRace() throws Exception {
        for (int round = 0; round < 30; round++) {
            var world = new World(folder);
            CompressibilityMeasured event = measuredAfterOneDecision(world);
            var barrier = new CyclicBarrier(2);
            List<Future<Decided>> results = new ArrayList<>();
            try (ExecutorService processes = Executors.newFixedThreadPool(2)) {
                for (double ratio : new double[] {0.2, 0.4}) {
                    DecidePruning controller =
                            world.controller(
                                    target ->
                                            java.util.Optional.of(
                                                    new SelectedPolicies.ChosenPolicy(
                                                            Policies.fixedRatio(
                                                                    ratio, Scope.NEURON),
                                                            "by-" + ratio)));
                    results.add(
                            processes.submit(
                                    () -> {
                                        barrier.await();
                                        return controller.decide(event, event.eventId());
                                    }));
                }
            }

            Decided one = results.get(0).get();
            Decided two = results.get(1).get();
            assertThat(one.decision()).isEqualTo(two.decision());
            assertThat(one.first()).isNotEqualTo(two.first());
            assertThat(world.register(1).decision()).isEqualTo(one.decision());
            assertThat(world.loop.read(one.decision().mask()).active())
                    .isEqualTo(one.decision().active() - one.decision().pruned());
        }
    }

    @Test
    void shouldLeaveNoTemporaryFileBehind() throws IOException {
        var world = new World(folder);
        world.decide(measuredAfterOneDecision(world));

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
