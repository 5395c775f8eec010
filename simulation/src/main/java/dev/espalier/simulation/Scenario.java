// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.DesiredState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a seed stands for, besides what goes wrong by the way.
 *
 * @param trainers how many replicas there are of each service
 * @param actions of users, each at its time
 * @param upsets of whole replicas
 * @param checkpointMillis how often the state within an iteration is kept
 */
record Scenario(
        List<RunPlan> runs,
        int trainers,
        int pqis,
        int controllers,
        List<Action> actions,
        List<Upset> upsets,
        long checkpointMillis) {

    /** When nothing goes wrong any more, in milliseconds. */
    static final long CALM_FROM = 600_000;

    /** Something that a user does. */
    sealed interface Action {

        long at();

        /** Asks for a run, or for another state of it. */
        record Want(long at, RunPlan plan, DesiredState desired) implements Action {}

        /** Selects a policy. */
        record Select(long at, String target, Policy policy) implements Action {}

        /** Writes what is no event. */
        record Nonsense(long at, Topic topic, String key) implements Action {}
    }

    /**
     * Something that befalls a replica.
     *
     * @param stallMillis how long it stands still; 0 where it is asked to end and starts again
     */
    record Upset(long at, String instance, long stallMillis) {}

    private static final List<Topic> CONSUMED =
            List.of(
                    Topic.RUNS,
                    Topic.SNAPSHOTS,
                    Topic.MEASUREMENTS,
                    Topic.POLICIES,
                    Topic.DECISIONS);

    /** One run that nothing and nobody disturbs. */
    static Scenario undisturbed(RunPlan plan) {
        return new Scenario(
                List.of(plan),
                1,
                1,
                1,
                List.of(new Action.Want(0, plan, DesiredState.RUNNING)),
                List.of(),
                10_000);
    }

    static Scenario of(SplittableRandom random, Path data) {
        List<RunPlan> runs = new ArrayList<>();
        int first = random.nextInt(RunPlan.KINDS);
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            runs.add(RunPlan.of((first + 2 * i) % RunPlan.KINDS, random.nextInt(2), data));
        }
        int trainers = 1 + random.nextInt(2);
        int pqis = 1 + random.nextInt(2);
        int controllers = 1 + random.nextInt(2);
        return new Scenario(
                runs,
                trainers,
                pqis,
                controllers,
                actions(runs, random),
                upsets(trainers, pqis, controllers, random),
                random.nextBoolean() ? 0 : 10_000);
    }

    private static List<Action> actions(List<RunPlan> runs, SplittableRandom random) {
        List<Action> actions = new ArrayList<>();
        for (RunPlan plan : runs) {
            long begin = random.nextLong(30_000);
            actions.add(new Action.Want(begin, plan, DesiredState.RUNNING));
            if (random.nextInt(3) == 0) {
                long pause = begin + random.nextLong(120_000);
                actions.add(new Action.Want(pause, plan, DesiredState.PAUSED));
                long resume = pause + 1 + random.nextLong(120_000);
                actions.add(new Action.Want(resume, plan, DesiredState.RUNNING));
            }
            if (random.nextInt(8) == 0) {
                long stop = begin + 250_000 + random.nextLong(120_000);
                actions.add(new Action.Want(stop, plan, DesiredState.STOPPED));
            }
            for (int n = random.nextInt(3); n > 0; n--) {
                actions.add(select(plan.run(), random));
            }
        }
        if (random.nextInt(4) == 0) {
            actions.add(
                    new Action.Select(
                            random.nextLong(60_000),
                            PolicySelected.DEFAULT_TARGET,
                            RunPlan.SWAPS.get(random.nextInt(RunPlan.SWAPS.size()))));
        }
        for (int n = random.nextInt(3); n > 0; n--) {
            actions.add(
                    new Action.Nonsense(
                            random.nextLong(240_000),
                            CONSUMED.get(random.nextInt(CONSUMED.size())),
                            runs.getFirst().run().value()));
        }
        return actions;
    }

    private static Action select(RunId run, SplittableRandom random) {
        return new Action.Select(
                random.nextLong(240_000),
                run.value(),
                RunPlan.SWAPS.get(random.nextInt(RunPlan.SWAPS.size())));
    }

    private static List<Upset> upsets(
            int trainers, int pqis, int controllers, SplittableRandom random) {
        List<Upset> upsets = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            String instance =
                    switch (random.nextInt(3)) {
                        case 0 -> "trainer-" + random.nextInt(trainers);
                        case 1 -> "pqi-" + random.nextInt(pqis);
                        default -> "controller-" + random.nextInt(controllers);
                    };
            boolean ends = instance.startsWith("trainer") && random.nextBoolean();
            upsets.add(
                    new Upset(
                            random.nextLong(300_000),
                            instance,
                            ends ? 0 : 20_000 + random.nextLong(120_000)));
        }
        return upsets;
    }
}
