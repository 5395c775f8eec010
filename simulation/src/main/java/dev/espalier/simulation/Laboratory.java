// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import dev.espalier.controller.application.SelectedPolicies.ChosenPolicy;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.simulation.bus.Bus;
import dev.espalier.simulation.check.Evidence;
import dev.espalier.simulation.check.Invariants;
import dev.espalier.simulation.check.Reference;
import dev.espalier.simulation.check.Violation;
import dev.espalier.simulation.schedule.Calm;
import dev.espalier.simulation.schedule.Storm;
import dev.espalier.simulation.service.Codecs;
import dev.espalier.simulation.service.Mutation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Runs seeds, and knows what each run should have come to. */
final class Laboratory {

    /** What a seed came to. */
    record Result(long seed, List<Violation> violations, long steps) {}

    private record Question(RunPlan plan, List<ChosenPolicy> policies) {}

    private final Codecs codecs = Codecs.make();
    private final Map<Question, Reference> references = new ConcurrentHashMap<>();
    private final Path folder;
    private final Path data;

    /**
     * @param folder for everything temporary
     */
    Laboratory(Path folder) throws IOException {
        this.folder = folder;
        this.data = folder.resolve("images");
        TinyImages.write(data);
    }

    /**
     * @param trace hears of everything that happens
     */
    Result run(long seed, Mutation mutation, Consumer<String> trace) {
        var random = new SplittableRandom(seed);
        Scenario scenario = Scenario.of(random.split(), data);
        var loop =
                new Loop(
                        scenario,
                        new Storm(random.split(), Scenario.CALM_FROM),
                        codecs,
                        event -> null,
                        mutation,
                        folder.resolve("seed-" + seed),
                        trace);
        Throwable failure = loop.run();
        List<Violation> violations = new ArrayList<>(loop.journal().violations());
        if (failure != null) {
            violations.add(new Violation(0, "unexpected: " + trace(failure)));
        }
        try {
            check(scenario, loop, violations);
        } catch (RuntimeException e) {
            violations.add(new Violation(0, "cannot be checked: " + trace(e)));
        }
        return new Result(seed, violations, loop.world().steps().count());
    }

    private static String trace(Throwable e) {
        var out = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(out));
        return out.toString();
    }

    private void check(Scenario scenario, Loop loop, List<Violation> violations) {
        Evidence evidence = loop.evidence();
        long batches = 0;
        for (RunPlan plan : scenario.runs()) {
            List<ChosenPolicy> policies = new ArrayList<>();
            for (DecisionRecord record : evidence.decisions(plan.run())) {
                policies.add(new ChosenPolicy(record.policy(), record.decision().policy().setBy()));
            }
            Reference undisturbed = reference(new Question(plan, policies));
            batches += undisturbed.batches();
            violations.addAll(
                    new Invariants(evidence)
                            .check(plan.run(), undisturbed, mayStop(scenario, plan)));
        }
        boolean isComplete = scenario.runs().stream().noneMatch(plan -> mayStop(scenario, plan));
        if (isComplete
                && !loop.isTrainingDisturbed()
                && violations.isEmpty()
                && loop.world().ledger().batches() != batches) {
            violations.add(
                    new Violation(
                            7,
                            "%d batches were trained, undisturbed %d: training was begun again without need"
                                    .formatted(loop.world().ledger().batches(), batches)));
        }
        deadLetters(loop.world().bus(), violations);
    }

    private static boolean mayStop(Scenario scenario, RunPlan plan) {
        return scenario.actions().stream()
                .anyMatch(
                        action ->
                                action instanceof Scenario.Action.Want want
                                        && want.plan().equals(plan)
                                        && want.desired() == DesiredState.STOPPED);
    }

    /** 6: all that is no event is among the dead letters, and nothing else is. */
    private static void deadLetters(Bus bus, List<Violation> violations) {
        Set<String> dead = new HashSet<>();
        for (Bus.DeadLetter letter : bus.deadLetters()) {
            dead.add(
                    letter.message().topic()
                            + letter.message().partition()
                            + letter.message().offset());
            if (letter.message().headers().lastHeader("ce_id") != null) {
                violations.add(
                        new Violation(
                                6,
                                "%s-%d@%d is among the dead letters: %s"
                                        .formatted(
                                                letter.message().topic(),
                                                letter.message().partition(),
                                                letter.message().offset(),
                                                letter.reason())));
            }
        }
        bus.nonsense()
                .filter(m -> !dead.contains(m.topic() + m.partition() + m.offset()))
                .forEach(
                        m ->
                                violations.add(
                                        new Violation(
                                                6,
                                                "%s-%d@%d was skipped in silence"
                                                        .formatted(
                                                                m.topic(),
                                                                m.partition(),
                                                                m.offset()))));
    }

    private Reference reference(Question question) {
        return references.computeIfAbsent(question, this::undisturbed);
    }

    private Reference undisturbed(Question question) {
        RunPlan plan = question.plan();
        List<ChosenPolicy> policies = question.policies();
        var loop =
                new Loop(
                        Scenario.undisturbed(plan),
                        new Calm(),
                        codecs,
                        event ->
                                policies.isEmpty()
                                        ? null
                                        : policies.get(
                                                Math.min(event.iteration(), policies.size() - 1)),
                        Mutation.NONE,
                        folder.resolve("undisturbed-" + Integer.toHexString(question.hashCode())),
                        line -> {});
        Throwable failure = loop.run();
        if (failure != null) {
            throw new IllegalStateException("undisturbed, " + plan.run() + " fails", failure);
        }
        Evidence evidence = loop.evidence();
        RunStatus last = Objects.requireNonNull(evidence.status(plan.run()), "no status");
        return new Reference(
                evidence.objects(plan.run()),
                last.state(),
                last.reason(),
                loop.world().ledger().batches());
    }
}
