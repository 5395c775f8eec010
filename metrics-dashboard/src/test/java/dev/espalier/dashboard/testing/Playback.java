// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.testing;

import dev.espalier.local.LocalStack;
import dev.espalier.local.LocalStackConfig;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays scripted runs to a stack on port 19092, for looking at the page: {@code none}, {@code one}
 * or {@code several}. Arguments: which, and a folder for the data.
 */
final class Playback {

    private static final Duration STEP = Duration.ofMillis(700);

    private Playback() {}

    public static void main(String[] args) throws Exception {
        var config = LocalStackConfig.in(Path.of(args[1])).withPorts(19092, 19000);
        try (LocalStack stack = LocalStack.start(config);
                Publisher publisher = new Publisher(stack.bootstrapServers())) {
            Instant now = Instant.now();
            var live = new ScriptedRun("wave-demo", TrainerKind.ESPALIER, 16, now.minusSeconds(90));
            List<Event> rest = new ArrayList<>();
            switch (args[0]) {
                case "none" -> {}
                case "one" -> playFirstHalf(live, publisher, rest);
                case "several" -> {
                    playOthers(publisher, now);
                    playFirstHalf(live, publisher, rest);
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
            for (Event event : rest) {
                Thread.sleep(STEP);
                publisher.publish(event);
            }
            Thread.currentThread().join();
        }
    }

    private static void playFirstHalf(ScriptedRun run, Publisher publisher, List<Event> rest) {
        publisher.publish(run.requested());
        for (int t = 0; t <= 16; t++) {
            for (Event event : run.iteration(t)) {
                Event told =
                        !event.eventId().endsWith("/decision")
                                ? event
                                : switch (t) {
                                    case 5 ->
                                            run.decided(
                                                    t,
                                                    Verdict.KEEP,
                                                    ScriptedRun.PolicyRefs.DEFAULT);
                                    case 8 ->
                                            run.decided(
                                                    t,
                                                    Verdict.ROLL_BACK,
                                                    ScriptedRun.PolicyRefs.SWAPPED);
                                    case 6, 7, 9, 10, 11, 12, 13, 14, 15 ->
                                            run.decided(
                                                    t,
                                                    Verdict.PRUNE,
                                                    ScriptedRun.PolicyRefs.SWAPPED);
                                    default -> event;
                                };
                if (t < 11) {
                    publisher.publish(told);
                } else {
                    rest.add(told);
                }
            }
        }
        rest.add(run.status(ReportedState.COMPLETED, 16, 1));
    }

    private static void playOthers(Publisher publisher, Instant now) {
        new ScriptedRun("mnist-mlp-2026-11-20", TrainerKind.ESPALIER, 10, now.minusSeconds(7_200))
                .all()
                .forEach(publisher::publish);
        var external =
                new ScriptedRun("torch-external", TrainerKind.EXTERNAL, 8, now.minusSeconds(600));
        publisher.publish(external.requested());
        for (int t = 0; t < 4; t++) {
            publisher.publish(external.snapshot(t));
            publisher.publish(external.measured(t));
            publisher.publish(external.decided(t));
        }
        var failed =
                new ScriptedRun("cifar-linear", TrainerKind.ESPALIER, 20, now.minusSeconds(86_400));
        publisher.publish(failed.requested());
        failed.iteration(0).forEach(publisher::publish);
        publisher.publish(failed.snapshot(1));
        publisher.publish(
                new MeasurementFailed(
                        failed.runId(),
                        1,
                        failed.snapshot(1),
                        new Reason("not-finite", "fc2.weight[17, 204] is NaN")));
        publisher.publish(failed.status(ReportedState.FAILED, 1, 0.9));
        var waiting =
                new ScriptedRun(
                        "waiting-for-its-turn", TrainerKind.ESPALIER, 30, now.minusSeconds(5));
        publisher.publish(waiting.requested());
        publisher.publish(waiting.status(ReportedState.PENDING, 0, 0));
    }
}
