// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Guard;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.Phase;
import dev.espalier.schemas.sparsity.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run driven into collapse on purpose, with a guard. */
final class CollapseIT {

    private static final double BUDGET = 0.02;

    @Test
    void shouldNameCompressionThenGoBackTryOnceMoreAndEndWithinTheBudget() {
        // Given
        RealLoop loop = RealLoop.shared();
        Policy greedy =
                new Policy(
                        "collapse",
                        Scope.GLOBAL,
                        new PruningRule.Sap(1, 2, 0, 3, 0.9),
                        1,
                        List.of(),
                        StopRule.NONE,
                        List.of(),
                        new Guard("accuracy", "test", BUDGET, Guard.Action.ROLL_BACK),
                        List.of());

        // When
        RunId run = loop.submit("collapse", inSmallBatches(RealLoop.small(20, greedy)));
        List<PruningDecided> decisions = loop.awaitStop(run);

        // Then
        int broken = first(decisions, Verdict.ROLL_BACK);
        assertThat(decisions.subList(0, broken))
                .as("before the budget broke")
                .anySatisfy(d -> assertThat(d.trend().phase()).isEqualTo(Phase.COMPRESSION));
        assertThat(decisions.subList(0, broken))
                .as("PQI of just-pruned weights")
                .allSatisfy(d -> assertThat(d.prunedPqi().value()).isLessThan(d.pqi().value()));
        PruningDecided last = decisions.getLast();
        assertThat(last.outcome()).isEqualTo(Outcome.COMPLETED);
        GuardState seen = last.guard();
        assertThat(seen.dense() - seen.value()).isLessThanOrEqualTo(BUDGET);
        assertThat(last.remaining()).isLessThan(0.5);
    }

    private static int first(List<PruningDecided> decisions, Verdict verdict) {
        return decisions.stream().map(PruningDecided::verdict).toList().indexOf(verdict);
    }

    /** So many steps that a tenth of the weights are still good. */
    private static RunSpecification inSmallBatches(RunSpecification usual) {
        TrainingSpec training = usual.training();
        return new RunSpecification(
                usual.trainer(),
                usual.model(),
                usual.dataset(),
                new TrainingSpec(
                        training.epochs(),
                        100,
                        training.learningRate(),
                        training.momentum(),
                        training.nesterov(),
                        training.weightDecay(),
                        training.clipNorm(),
                        training.schedule()),
                0,
                usual.rewind(),
                usual.iterations(),
                usual.pairs(),
                usual.policy());
    }
}
