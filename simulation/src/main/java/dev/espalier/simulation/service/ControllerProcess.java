// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.controller.application.BrokerUnavailableException;
import dev.espalier.controller.application.Patience;
import dev.espalier.controller.application.Readiness;
import dev.espalier.controller.application.Runs;
import dev.espalier.controller.application.SelectedPolicies;
import dev.espalier.controller.application.Time;
import dev.espalier.controller.application.decision.DecidePruning;
import dev.espalier.controller.application.decision.RetryingDecision;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.simulation.bus.View;
import dev.espalier.simulation.schedule.Life;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** pruning-controller, with the order of things that its MeasurementConsumer has. */
public final class ControllerProcess {

    private static final Patience PATIENCE =
            new Patience(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(10),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(15));

    /** The policy that is asked for, where a run is decided on again as it was before. */
    public interface Prescribed {

        /**
         * @return null where the topic of policies has the say
         */
        SelectedPolicies.@Nullable ChosenPolicy policy(IterationEvent event);
    }

    private final World world;
    private final Life process;
    private final EventCodec codec;
    private final Prescribed prescribed;
    private final View<RunRequested> runs;
    private final View<PolicySelected> policies;
    private final Readiness readiness = new Readiness();
    private final RetryingDecision decide;
    private SelectedPolicies.@Nullable ChosenPolicy prescription;
    private SelectedPolicies.@Nullable ChosenPolicy yesterday;

    private ControllerProcess(World world, Life process, EventCodec codec, Prescribed prescribed) {
        this.world = world;
        this.process = process;
        this.codec = codec;
        this.prescribed = prescribed;
        this.runs = new View<>(world.bus(), Topic.RUNS, RunRequested.class, codec);
        this.policies = new View<>(world.bus(), Topic.POLICIES, PolicySelected.class, codec);
        var outbox = new Outbox(world, process, codec);
        var decidePruning =
                new DecidePruning(
                        new ProcessStore(world, process),
                        this::run,
                        this::policy,
                        (decision, cause) -> {
                            if (!outbox.publish(decision, cause)) {
                                throw new BrokerUnavailableException(
                                        "cannot publish " + decision.eventId(),
                                        new IllegalStateException("no answer"));
                            }
                        },
                        Formulas.NONE,
                        world.folder());
        this.decide =
                new RetryingDecision(decidePruning, PATIENCE, readiness, new VirtualTime(world));
    }

    public static void start(World world, Life process, EventCodec codec, Prescribed prescribed) {
        world.timeline()
                .start(
                        process,
                        () -> {
                            var service = new ControllerProcess(world, process, codec, prescribed);
                            service.open();
                            Intake.of(world, process, world.groups().measurements())
                                    .run(service::refusal);
                        });
        world.timeline()
                .start(
                        process,
                        () ->
                                Intake.of(world, process, world.groups().policies())
                                        .run(message -> policyRefusal(codec, message)));
    }

    private void open() {
        while (!runs.isCaughtUp() || !policies.isCaughtUp()) {
            world.steps().take(process, "reads runs and policies", 500);
        }
        readiness.open();
    }

    private Optional<Runs.KnownRun> run(RunId run) {
        return runs.get(run.value())
                .map(
                        received ->
                                new Runs.KnownRun(received.event().specification(), received.id()));
    }

    private Optional<SelectedPolicies.ChosenPolicy> policy(String target) {
        if (prescription != null) {
            return Optional.of(prescription);
        }
        Optional<SelectedPolicies.ChosenPolicy> chosen =
                policies.get(target)
                        .map(
                                received ->
                                        new SelectedPolicies.ChosenPolicy(
                                                received.event().policy(), received.id()));
        if (world.has(Mutation.POLICY_MIXED) && chosen.isPresent()) {
            var before = yesterday == null ? chosen.get() : yesterday;
            yesterday = chosen.get();
            return Optional.of(
                    new SelectedPolicies.ChosenPolicy(before.policy(), chosen.get().setBy()));
        }
        return chosen;
    }

    private @Nullable String refusal(ConsumerRecord<String, byte[]> message)
            throws InterruptedException {
        try {
            Received<Event> received = codec.read(message);
            IterationEvent event = iteration(received.event());
            prescription = prescribed.policy(event);
            return decide.decide(event, received.id()).deadLetter();
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static IterationEvent iteration(Event event) {
        if (event instanceof CompressibilityMeasured || event instanceof MeasurementFailed) {
            return (IterationEvent) event;
        }
        throw new MalformedEventException("nothing is decided on %s".formatted(event.eventId()));
    }

    private static @Nullable String policyRefusal(
            EventCodec codec, ConsumerRecord<String, byte[]> message) {
        if (message.value() == null) {
            return null;
        }
        try {
            var _ = codec.read(message, PolicySelected.class);
            return null;
        } catch (MalformedEventException e) {
            return e.getMessage();
        }
    }

    private record VirtualTime(World world) implements Time {

        @Override
        public Duration elapsed() {
            return Duration.ofMillis(world.timeline().now());
        }

        @Override
        public void pause(Duration duration) {
            world.timeline().sleep(duration.toMillis());
        }
    }
}
