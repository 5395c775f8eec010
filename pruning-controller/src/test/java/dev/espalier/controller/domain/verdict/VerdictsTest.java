// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.domain.guard.Watch;
import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.testing.Policies;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunLength;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerdictsTest {

    private static final Policy SAP = Policies.sap(Scope.LAYER);

    private static Ruling on(
            int iteration, @Nullable Integer iterations, Rewind rewind, Policy policy, long c) {
        return on(
                iteration,
                iterations == null ? null : new RunLength.Bounded(iterations),
                rewind,
                policy,
                c);
    }

    private static Ruling on(
            int iteration, @Nullable RunLength length, Rewind rewind, Policy policy, long c) {
        var groups = List.of(new GroupCount("a.weight", null, 109_184, c, null));
        return Verdicts.on(
                new Situation(
                        iteration,
                        length,
                        rewind,
                        200_000,
                        109_184,
                        new GroupIndex(0.5, 1, 0.3012, 76_298.0),
                        new Plan(policy, List.of("a.weight"), groups, List.of()),
                        Watch.NONE));
    }

    @Test
    void shouldPruneWithTheNumbersInTheReason() {
        Ruling ruling = on(0, 30, Rewind.INITIAL, SAP, 32_886);

        assertThat(ruling)
                .isEqualTo(
                        Ruling.prune(
                                ReasonCode.SAP_BOUND.because(
                                        "SAP (0.5, 1.0) by layer: 30.1 % of 109184 active weights go; PQI 0.301")));
    }

    @Test
    void shouldNameTheRuleOfTheBaselines() {
        assertThat(on(0, 1, Rewind.INITIAL, Policies.fixedRatio(0.2, Scope.GLOBAL), 5).reason())
                .satisfies(
                        reason -> {
                            assertThat(reason.code()).isEqualTo("fixed-ratio");
                            assertThat(reason.message()).startsWith("fixed ratio 0.2, global: ");
                        });
        assertThat(on(0, 1, Rewind.INITIAL, Policies.oneShot(0.2, Scope.NEURON), 5).reason())
                .satisfies(
                        reason -> {
                            assertThat(reason.code()).isEqualTo("one-shot");
                            assertThat(reason.message()).startsWith("one-shot 0.2 by neuron: ");
                        });
    }

    @Test
    void shouldStopAtTheSmallerNumberOfIterations() {
        Policy five = Policies.stopping(SAP, new StopRule(5, null));

        assertThat(on(4, 30, Rewind.INITIAL, five, 7).verdict()).isEqualTo(Verdict.PRUNE);
        Ruling ruling = on(5, 30, Rewind.INITIAL, five, 7);
        assertThat(ruling.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(ruling.reason().code()).isEqualTo("iterations-reached");
        assertThat(ruling.reason().message())
                .isEqualTo("training 5 of 5 is done; 54.6 % of 200000 weights remain");
        assertThat(on(3, 3, Rewind.INITIAL, five, 7).verdict()).isEqualTo(Verdict.STOP);
        assertThat(on(3, 3, Rewind.INITIAL, SAP, 7).verdict()).isEqualTo(Verdict.STOP);
        assertThat(on(5, (Integer) null, Rewind.NONE, five, 7).verdict()).isEqualTo(Verdict.STOP);
        assertThat(on(0, 0, Rewind.INITIAL, SAP, 7).verdict()).isEqualTo(Verdict.STOP);
    }

    @Test
    void shouldStopBelowTheRemainingFractionOnly() {
        Policy above = Policies.stopping(SAP, new StopRule(null, 0.55));
        Policy equal = Policies.stopping(SAP, new StopRule(null, 109_184 / 200_000.0));

        Ruling ruling = on(2, 30, Rewind.INITIAL, above, 7);
        assertThat(ruling.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(ruling.reason())
                .isEqualTo(
                        ReasonCode.REMAINING_BELOW.because(
                                "54.6 % of 200000 weights remain, below 55.0 %"));
        assertThat(on(2, 30, Rewind.INITIAL, equal, 7).verdict()).isEqualTo(Verdict.PRUNE);
    }

    @Test
    void shouldKeepOnlyWhereTrainingGoesOnFromTheSameWeightsToAnEnd() {
        assertThat(on(2, 30, Rewind.NONE, SAP, 0).verdict()).isEqualTo(Verdict.KEEP);
        assertThat(on(2, (Integer) null, Rewind.NONE, SAP, 0).outcome())
                .isEqualTo(Outcome.COMPLETED);
        assertThat(on(2, 30, Rewind.INITIAL, SAP, 0).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(on(2, 30, Rewind.INITIAL, SAP, 0).reason().code()).isEqualTo("nothing-to-prune");
    }

    @Test
    void shouldKeepForAsLongAsItTakesWhereARunIsUnbounded() {
        assertThat(on(999, RunLength.UNBOUNDED, Rewind.NONE, SAP, 0).verdict())
                .isEqualTo(Verdict.KEEP);
        assertThat(on(999, RunLength.UNBOUNDED, Rewind.NONE, SAP, 1).verdict())
                .isEqualTo(Verdict.PRUNE);
        assertThat(on(999, RunLength.UNBOUNDED, Rewind.INITIAL, SAP, 0).outcome())
                .as("training the same again")
                .isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldEndAnUnboundedRunWhereItsPolicySaysSo() {
        Policy five = Policies.stopping(SAP, new StopRule(5, null));

        assertThat(on(5, RunLength.UNBOUNDED, Rewind.NONE, five, 7).reason().code())
                .isEqualTo("iterations-reached");
        assertThat(on(30, RunLength.UNBOUNDED, Rewind.NONE, Policy.DEFAULT, 7).verdict())
                .as("the built-in policy ends what has no end of its own")
                .isEqualTo(Verdict.PRUNE);
        assertThat(on(30, (RunLength) null, Rewind.NONE, Policy.DEFAULT, 7).verdict())
                .isEqualTo(Verdict.STOP);
    }
}
