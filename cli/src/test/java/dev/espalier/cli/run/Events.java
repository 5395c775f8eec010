// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.NormPair;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of a run, as the services send them. */
public final class Events {

    public static final RunId RUN = new RunId("r1");
    public static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    private Events() {}

    public static RunRequested requested(TrainerKind trainer, DesiredState desired) {
        return new RunRequested(RUN, desired, specification(trainer), NOW);
    }

    public static RunSpecification specification(TrainerKind trainer) {
        return new RunSpecification(
                trainer,
                "mlp",
                new DatasetSpec("wave-source", null),
                TrainingSpec.DEFAULT,
                0,
                Rewind.INITIAL,
                5,
                NormPair.DEFAULTS,
                null);
    }

    public static RunStatus status(ReportedState state, int iteration) {
        Reason reason =
                state == ReportedState.FAILED ? new Reason("no-data", "there is no data") : null;
        return new RunStatus(RUN, state, iteration, 5, 0.5, 12.0, reason, List.of(), NOW);
    }

    public static EpochCompleted epoch(int iteration, int epoch) {
        return new EpochCompleted(
                RUN, iteration, epoch, 4, 0.1, 1.5, List.of(new Metric("accuracy", "test", 0.75)));
    }

    public static PruningDecided pruned(int iteration, long active, long pruned) {
        return decided(iteration, Verdict.PRUNE, null, active, pruned);
    }

    public static PruningDecided stopped(int iteration, Outcome outcome) {
        return decided(iteration, Verdict.STOP, outcome, 40, 0);
    }

    private static PruningDecided decided(
            int iteration, Verdict verdict, @Nullable Outcome outcome, long active, long pruned) {
        return new PruningDecided(
                RUN,
                iteration,
                verdict,
                outcome,
                new Reason("sap-bound", "the reason"),
                new PolicyRef("sap-default", "0123456789ab", "built-in"),
                null,
                100,
                active,
                pruned,
                active / 100.0,
                new GroupIndex(0.5, 1, 0.25, 75.0),
                List.of(
                        new Metric("accuracy", "train", 0.99),
                        new Metric("loss", "test", 0.3),
                        new Metric("accuracy", "test", 0.9)),
                List.of());
    }
}
