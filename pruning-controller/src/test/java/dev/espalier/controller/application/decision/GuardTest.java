// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.testing.Policies;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Guard;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.sparsity.Phase;
import dev.espalier.schemas.sparsity.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {

    @TempDir private Path folder;
    private World world;

    @BeforeEach
    void create() {
        world = new World(folder);
    }

    private static Policy guarded(Guard.Action action) {
        return Policies.guarding(Policies.fixedRatio(0.2, Scope.GLOBAL), 0.02, action);
    }

    private PruningDecided decide(int iteration, @Nullable ArtifactRef mask, double accuracy) {
        return world.decide(
                        world.loop.measured(iteration, World.weights(iteration), mask, accuracy))
                .decision();
    }

    /** What a trainer does: it trains under the mask that the decision before named. */
    private List<PruningDecided> run(double... accuracies) {
        List<PruningDecided> decisions = new ArrayList<>();
        ArtifactRef mask = null;
        for (int t = 0; t < accuracies.length; t++) {
            PruningDecided decision = decide(t, mask, accuracies[t]);
            decisions.add(decision);
            mask = decision.mask();
        }
        return decisions;
    }

    @Test
    void shouldSayThatItSeesNothingWhereTheMetricIsNotReported() {
        Policy policy = guarded(Guard.Action.STOP);
        world.select(
                "tiny",
                new Policy(
                        policy.name(),
                        policy.scope(),
                        policy.rule(),
                        policy.keepAtLeast(),
                        policy.exclude(),
                        policy.stop(),
                        policy.limits(),
                        new Guard("f1", "validation", 0.02, Guard.Action.STOP),
                        null),
                "tiny/policy-1");

        PruningDecided decision = decide(0, null, 0.9);

        assertThat(decision.verdict()).isEqualTo(Verdict.PRUNE);
        assertThat(decision.guard().value()).isNull();
        assertThat(decision.reason().message())
                .endsWith(
                        "; the guard is blind: the trainer did not report f1 (validation) of this iteration");
    }

    @Test
    void shouldGoBackTryOnceAtHalfThePaceAndEndWithinTheBudget() {
        world.select("tiny", guarded(Guard.Action.ROLL_BACK), "tiny/policy-1");

        List<PruningDecided> all = run(0.9, 0.89, 0.8, 0.885, 0.7, 0.89);

        assertThat(all)
                .extracting(PruningDecided::verdict)
                .containsExactly(
                        Verdict.PRUNE,
                        Verdict.PRUNE,
                        Verdict.ROLL_BACK,
                        Verdict.PRUNE,
                        Verdict.ROLL_BACK,
                        Verdict.STOP);
        PruningDecided back = all.get(2);
        assertThat(back.mask()).isEqualTo(all.get(0).mask());
        assertThat(back.pruned()).isZero();
        assertThat(back.guard()).isEqualTo(new GuardState(0.8, 0.9, 1, 1, 1));
        assertThat(back.reason().code()).isEqualTo("budget-broken");
        assertThat(back.reason().message())
                .isEqualTo(
                        "accuracy (test) is 0.8000, dense 0.9000: beyond the budget of 0.02: back to the mask of iteration 1, then once more at half the pace");
        assertThat(world.register(2).groups()).allMatch(group -> group.pruned() == 0);
        // 490 weights, 98 of them gone: a fifth of 392 is 78, half of that is 39.
        assertThat(all.get(1).pruned()).isEqualTo(78);
        assertThat(all.get(3).active()).isEqualTo(392);
        assertThat(all.get(3).pruned()).isEqualTo(39);
        assertThat(all.get(3).reason().message()).contains("at half the pace");
        // The last one within the budget is iteration 3, trained under the mask of iteration 1.
        assertThat(all.get(4).guard()).isEqualTo(new GuardState(0.7, 0.9, 2, 3, 3));
        assertThat(all.get(4).mask()).isEqualTo(all.get(0).mask());
        assertThat(all.get(5).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(all.get(5).reason().code()).isEqualTo("retry-spent");
        assertThat(all.get(5).guard().value()).isGreaterThan(0.88);
    }

    @Test
    void shouldStopWhereGoingBackDoesNotHelp() {
        world.select("tiny", guarded(Guard.Action.ROLL_BACK), "tiny/policy-1");

        PruningDecided last = run(0.9, 0.8, 0.8).getLast();

        assertThat(last.verdict()).isEqualTo(Verdict.STOP);
        assertThat(last.reason().message())
                .endsWith("going back did not help, and nowhere more weights are within it");
    }

    @Test
    void shouldGoBackFurtherWhereTheSameMaskIsNotWithinTheBudgetAgain() {
        world.select("tiny", guarded(Guard.Action.ROLL_BACK), "tiny/policy-1");

        List<PruningDecided> all = run(0.9, 0.89, 0.8, 0.87, 0.89, 0.89, 0.8, 0.87, 0.9);

        assertThat(all)
                .extracting(PruningDecided::verdict)
                .containsExactly(
                        Verdict.PRUNE,
                        Verdict.PRUNE,
                        Verdict.ROLL_BACK,
                        Verdict.ROLL_BACK,
                        Verdict.PRUNE,
                        Verdict.PRUNE,
                        Verdict.ROLL_BACK,
                        Verdict.ROLL_BACK,
                        Verdict.STOP);
        assertThat(all.get(3).guard()).isEqualTo(new GuardState(0.87, 0.9, 1, 0, 0));
        assertThat(all.get(3).mask()).isNull();
        assertThat(all.get(3).reason().message())
                .endsWith(
                        "back further to the mask of iteration 0, then once more at half the pace");
        assertThat(all.get(4).reason().message()).contains("at half the pace");
        assertThat(all.get(6).guard()).isEqualTo(new GuardState(0.8, 0.9, 2, 5, 5));
        assertThat(all.get(7).guard()).isEqualTo(new GuardState(0.87, 0.9, 2, 4, 4));
        assertThat(all.get(8).reason().code()).isEqualTo("retry-spent");
        assertThat(all.get(8).active()).isEqualTo(490);
    }

    @Test
    void shouldGiveANewPolicyANewTry() {
        world.select("tiny", guarded(Guard.Action.ROLL_BACK), "tiny/policy-1");
        PruningDecided back = run(0.9, 0.8).getLast();
        world.select(
                "tiny",
                Policies.named(guarded(Guard.Action.ROLL_BACK), "unguarded"),
                "tiny/policy-2");

        PruningDecided next = decide(2, back.mask(), 0.9);

        assertThat(next.verdict()).isEqualTo(Verdict.PRUNE);
        assertThat(next.reason().message()).doesNotContain("half the pace");
    }

    @Test
    void shouldStopOrHoldAsThePolicySays() {
        world.select("tiny", guarded(Guard.Action.STOP), "tiny/policy-1");
        assertThat(run(0.9, 0.8).getLast().outcome()).isEqualTo(Outcome.COMPLETED);

        create();
        world.select("tiny", guarded(Guard.Action.HOLD), "tiny/policy-1");
        world.specification = World.specification(9, Rewind.NONE, null);
        List<PruningDecided> held = run(0.9, 0.8, 0.89);
        assertThat(held)
                .extracting(PruningDecided::verdict)
                .containsExactly(Verdict.PRUNE, Verdict.KEEP, Verdict.PRUNE);
        assertThat(held.get(1).mask()).isEqualTo(held.get(0).mask());

        create();
        world.select("tiny", guarded(Guard.Action.HOLD), "tiny/policy-1");
        assertThat(run(0.9, 0.8).getLast().verdict()).isEqualTo(Verdict.STOP);
    }

    @Test
    void shouldNotTakeAnEqualMetricForADrop() {
        world.select(
                "tiny",
                Policies.guarding(Policies.sap(Scope.LAYER), 0, Guard.Action.STOP),
                "tiny/policy-1");

        assertThat(run(0.9, 0.9).getLast().verdict()).isEqualTo(Verdict.PRUNE);
        assertThat(run(0.9, 0.9).getLast().guard()).isEqualTo(new GuardState(0.9, 0.9, 0, null, 1));
    }

    @Test
    void shouldMakeTheEasedMaskAgainAfterACrash() {
        world.select("tiny", guarded(Guard.Action.ROLL_BACK), "tiny/policy-1");
        List<PruningDecided> all = run(0.9, 0.89, 0.8, 0.885);
        var before = world.store.digests();
        world.store.remove(all.get(3).mask().key());

        decide(3, all.get(2).mask(), 0.885);

        assertThat(world.store.digests()).isEqualTo(before);
    }

    @Test
    void shouldCarryTheCourseOfPqiFromDecisionToDecisionAndStopOnIt() {
        world.select("tiny", Policies.fixedRatio(0.2, Scope.GLOBAL), "tiny/policy-1");
        List<PruningDecided> all = run(0.9, 0.9, 0.9);
        assertThat(all.get(0).trend().smoothed()).isEqualTo(all.get(0).pqi().value());
        assertThat(all.get(2).trend().smoothed())
                .isEqualTo(0.5 * all.get(2).pqi().value() + 0.5 * all.get(1).trend().smoothed());
        assertThat(all.get(2).trend().phase()).isEqualTo(Phase.REGULARISATION);

        Policy stopping =
                Policies.stopping(
                        Policies.fixedRatio(0.2, Scope.GLOBAL),
                        new StopRule(null, null, Phase.COMPRESSION));
        world.select("tiny", stopping, "tiny/policy-2");
        PruningDecided rising =
                world.decide(world.loop.measured(3, World.steep(), all.get(2).mask(), 0.88))
                        .decision();
        assertThat(rising.trend().phase()).isEqualTo(Phase.COMPRESSION);
        assertThat(rising.reason().code()).isEqualTo("phase-reached");
        assertThat(rising.reason().message()).startsWith("compression: smoothed PQI 0.");
    }
}
