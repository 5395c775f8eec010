// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.simulation.bus.Bus;
import dev.espalier.simulation.check.Evidence;
import dev.espalier.simulation.check.Journal;
import dev.espalier.simulation.schedule.Faults;
import dev.espalier.simulation.schedule.Life;
import dev.espalier.simulation.schedule.Steps;
import dev.espalier.simulation.schedule.Timeline;
import dev.espalier.simulation.service.Codecs;
import dev.espalier.simulation.service.ControllerProcess;
import dev.espalier.simulation.service.Ledger;
import dev.espalier.simulation.service.Mutation;
import dev.espalier.simulation.service.PqiProcess;
import dev.espalier.simulation.service.TrainerProcess;
import dev.espalier.simulation.service.World;
import dev.espalier.trainer.application.CheckpointPlan;
import dev.espalier.transport.memory.MemoryObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** All processes of one scenario, from the first request to the end of every run. */
final class Loop implements Steps.Witness {

    /** After this, in milliseconds of virtual time, a run that is not over hangs. */
    private static final long DEADLINE = Scenario.CALM_FROM + Duration.ofHours(3).toMillis();

    private static final long LOOK = 30_000;

    /** How long everything must have been over: longer than anybody stands still. */
    private static final long QUIET = 180_000;

    private static final long BATCH_MILLIS = 700;

    private final Scenario scenario;
    private final Codecs codecs;
    private final ControllerProcess.Prescribed prescribed;
    private final World world;
    private final Journal journal = new Journal();
    private final Map<String, Integer> lives = new HashMap<>();
    private final Map<String, Life> living = new HashMap<>();
    private final Map<String, TrainerProcess> trainers = new HashMap<>();
    private long quiet;
    private boolean isTrainingDisturbed;
    private boolean isOver;

    Loop(
            Scenario scenario,
            Faults faults,
            Codecs codecs,
            ControllerProcess.Prescribed prescribed,
            Mutation mutation,
            Path folder,
            Consumer<String> trace) {
        this.scenario = scenario;
        this.codecs = codecs;
        this.prescribed = prescribed;
        var timeline = new Timeline();
        var steps = new Steps(timeline, faults, trace, this);
        var bus = new Bus(timeline, faults, message -> onRecord(message, steps));
        var groups =
                new World.Groups(
                        bus.group(Topic.RUNS),
                        bus.group(Topic.DECISIONS),
                        bus.group(Topic.SNAPSHOTS),
                        bus.group(Topic.MEASUREMENTS),
                        bus.group(Topic.POLICIES));
        this.world =
                new World(
                        timeline,
                        faults,
                        steps,
                        bus,
                        new MemoryObjectStore(),
                        groups,
                        new Ledger(),
                        folder,
                        mutation);
    }

    World world() {
        return world;
    }

    Journal journal() {
        return journal;
    }

    Evidence evidence() {
        return new Evidence(world, codecs.user());
    }

    /** Whether training was begun again anywhere for a reason. */
    boolean isTrainingDisturbed() {
        return isTrainingDisturbed;
    }

    /**
     * @return what went wrong with the simulation itself; null where nothing did
     */
    @Nullable Throwable run() {
        Timeline timeline = world.timeline();
        replicas("trainer", scenario.trainers());
        replicas("pqi", scenario.pqis());
        replicas("controller", scenario.controllers());
        scenario.actions().forEach(action -> timeline.at(action.at(), () -> act(action)));
        scenario.upsets().forEach(upset -> timeline.at(upset.at(), () -> upset(upset)));
        timeline.at(LOOK, this::look);
        isTrainingDisturbed = scenario.trainers() > 1;
        return timeline.run(() -> isOver, DEADLINE);
    }

    private void replicas(String service, int count) {
        for (int i = 0; i < count; i++) {
            String instance = service + "-" + i;
            world.timeline().at(0, () -> start(instance));
        }
    }

    private void start(String instance) {
        var process = new Life(instance, lives.merge(instance, 1, Integer::sum));
        living.put(instance, process);
        world.steps().note("%s starts".formatted(process));
        switch (instance.substring(0, instance.indexOf('-'))) {
            case "trainer" ->
                    trainers.put(
                            instance,
                            TrainerProcess.start(
                                    world,
                                    process,
                                    codecs.trainer(),
                                    new CheckpointPlan(
                                            1, Duration.ofMillis(scenario.checkpointMillis())),
                                    () -> BATCH_MILLIS));
            case "pqi" -> PqiProcess.start(world, process, codecs.pqi());
            default -> ControllerProcess.start(world, process, codecs.controller(), prescribed);
        }
    }

    @Override
    public void stalls(Life process) {
        isTrainingDisturbed |= process.instance().startsWith("trainer");
        silent(process);
    }

    @Override
    public void dies(Life process) {
        stalls(process);
        world.timeline()
                .at(
                        world.timeline().now() + world.faults().downMillis(),
                        () -> start(process.instance()));
    }

    private void silent(Life process) {
        World.Groups groups = world.groups();
        groups.trainerRuns().silent(process);
        groups.trainerDecisions().silent(process);
        groups.snapshots().silent(process);
        groups.measurements().silent(process);
        groups.policies().silent(process);
    }

    private void act(Scenario.Action action) {
        Instant at = Instant.ofEpochMilli(action.at());
        switch (action) {
            case Scenario.Action.Want want -> {
                world.steps()
                        .note("a user wants %s %s".formatted(want.plan().run(), want.desired()));
                world.bus()
                        .append(
                                codecs.user()
                                        .write(
                                                new RunRequested(
                                                        want.plan().run(),
                                                        want.desired(),
                                                        want.plan().specification(),
                                                        at)));
            }
            case Scenario.Action.Select select -> {
                world.steps()
                        .note(
                                "a user selects %s for %s"
                                        .formatted(select.policy().name(), select.target()));
                world.bus()
                        .append(
                                codecs.user()
                                        .write(
                                                new PolicySelected(
                                                        select.target(), select.policy(), at)));
            }
            case Scenario.Action.Nonsense nonsense -> {
                world.steps().note("somebody writes nonsense to " + nonsense.topic());
                world.bus()
                        .append(
                                new ProducerRecord<>(
                                        nonsense.topic().topicName(),
                                        nonsense.key(),
                                        "{}".getBytes(UTF_8)));
            }
        }
    }

    private void upset(Scenario.Upset upset) {
        Life process = living.get(upset.instance());
        if (process == null || process.isDead()) {
            return;
        }
        if (upset.stallMillis() > 0) {
            world.steps().stall(process, upset.stallMillis());
        } else {
            TrainerProcess trainer = trainers.get(upset.instance());
            if (trainer != null) {
                world.steps().note("%s is asked to end".formatted(process));
                trainer.stop();
            }
        }
    }

    private void onRecord(ConsumerRecord<String, byte[]> message, Steps steps) {
        steps.note(
                "written: %s-%d@%d %s"
                        .formatted(
                                message.topic(),
                                message.partition(),
                                message.offset(),
                                id(message)));
        journal.record(message, steps);
        if (world.mutation() == Mutation.POLICY_SWAP_RESTARTS_TRAINER
                && message.topic().equals(Topic.POLICIES.topicName())) {
            living.values().stream()
                    .filter(p -> p.instance().startsWith("trainer") && !p.isDead())
                    .toList()
                    .forEach(this::restart);
        }
    }

    private void restart(Life trainer) {
        boolean wasDisturbed = isTrainingDisturbed;
        dies(trainer);
        isTrainingDisturbed = wasDisturbed;
        world.timeline().kill(trainer);
    }

    private static String id(ConsumerRecord<String, byte[]> message) {
        var header = message.headers().lastHeader("ce_id");
        return header == null ? "nonsense" : new String(header.value(), UTF_8);
    }

    /** Looks now and then whether everything is over. */
    private void look() {
        Timeline timeline = world.timeline();
        boolean isAllOver =
                timeline.now() >= lastAction()
                        && world.bus().isDrained()
                        && scenario.runs().stream().allMatch(this::isOver);
        quiet = isAllOver ? quiet + LOOK : 0;
        isOver = quiet > QUIET;
        timeline.at(timeline.now() + LOOK, this::look);
    }

    private long lastAction() {
        long users = scenario.actions().stream().mapToLong(Scenario.Action::at).max().orElse(0);
        return Math.max(users, scenario.upsets().isEmpty() ? 0 : Scenario.CALM_FROM);
    }

    private boolean isOver(RunPlan plan) {
        RunStatus last = evidence().status(plan.run());
        return last != null && last.state().isFinal();
    }
}
