// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import static dev.espalier.controller.testing.Weights.matrix;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.testing.Policies;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.TensorLimit;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.Mask;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradualTest {

    private static final Weights WEIGHTS = weights();

    private static Weights weights() {
        double[] first = new double[800];
        double[] second = new double[200];
        Arrays.setAll(first, i -> i + 1);
        Arrays.setAll(second, i -> i + 1);
        return Weights.of(matrix("a.weight", 8, first), matrix("b.weight", 2, second));
    }

    private static long pruned(Policy policy, int iteration, long active) {
        List<MeasuredTensor> dense = WEIGHTS.measured(Mask.DENSE);
        MeasuredTensor first = dense.getFirst();
        var left =
                new MeasuredTensor(
                        first.tensor(), first.shape(), active, first.sums(), first.units());
        return Planner.plan(
                        policy,
                        Moment.at(iteration, 1),
                        Weights.EXPONENTS,
                        List.of(left),
                        Formulas.NONE)
                .pruned();
    }

    /** s(k) = 0.9 − 0.9 (1 − k/10)³, by hand: what of 800 weights is gone in m_1, m_2, … */
    @Test
    void shouldFollowTheCubicScheduleOfZhuAndGupta() {
        Policy policy = Policies.of(new PruningRule.Gradual(0, 0.9, 10), Scope.LAYER);
        long[] gone = {195, 351, 473, 564, 630, 673, 700, 714, 719, 720, 720};
        long active = 800;
        for (int t = 0; t < gone.length; t++) {
            active -= pruned(policy, t, active);
            assertThat(800 - active).as("m_%d", t + 1).isEqualTo(gone[t]);
        }
    }

    @Test
    void shouldTakeNothingWhereMoreIsGoneAlreadyThanTheScheduleAsks() {
        Policy policy = Policies.of(new PruningRule.Gradual(0.2, 0.5, 4), Scope.GLOBAL);

        assertThat(pruned(policy, 3, 401)).isEqualTo(1);
        assertThat(pruned(policy, 3, 400)).isZero();
        assertThat(pruned(policy, 9, 100)).isZero();
    }

    @Test
    void shouldCountTheWholeOfEveryRowByNeuron() {
        Plan plan =
                Planner.plan(
                        Policies.of(new PruningRule.Gradual(0, 0.5, 1), Scope.NEURON),
                        Moment.FIRST,
                        Weights.EXPONENTS,
                        WEIGHTS.measured(Mask.DENSE),
                        Formulas.NONE);

        assertThat(plan.groups()).hasSize(10).allMatch(g -> g.active() == 100 && g.pruned() == 50);
    }

    @ParameterizedTest
    @CsvSource({
        // maxRatio, keepAtLeast, keepFraction, what of 800 goes where 400 should
        "0.1,,,80",
        ",790,,10",
        ",,0.75,200",
        "0.1,790,0.75,10",
        "0,,,0",
        ",,1,0",
        "0.9,,,400"
    })
    void shouldObeyTheTightestLimit(Double ratio, Long least, Double fraction, long goes) {
        Policy policy =
                Policies.limiting(
                        Policies.fixedRatio(0.5, Scope.LAYER),
                        new TensorLimit("a.*", ratio, least, fraction),
                        new TensorLimit("*", 0.01, null, null));

        Plan plan =
                Planner.plan(
                        policy,
                        Moment.FIRST,
                        Weights.EXPONENTS,
                        WEIGHTS.measured(Mask.DENSE),
                        Formulas.NONE);

        assertThat(plan.groups().getFirst().pruned()).isEqualTo(goes);
        assertThat(plan.groups().getLast())
                .isEqualTo(new GroupCount("b.weight", null, 200, 2, null));
        assertThat(plan.groups().getFirst().note() == null).isEqualTo(goes > 0);
    }

    @Test
    void shouldNameTheLimitThatKeepsAll() {
        Policy policy =
                Policies.limiting(
                        Policies.fixedRatio(0.5, Scope.LAYER),
                        new TensorLimit("a.*", null, null, 1.0),
                        new TensorLimit("b.*", 0.0, null, null));

        Plan plan =
                Planner.plan(
                        policy,
                        Moment.FIRST,
                        Weights.EXPONENTS,
                        WEIGHTS.measured(Mask.DENSE),
                        Formulas.NONE);

        assertThat(plan.groups().stream().map(GroupCount::note))
                .containsExactly(
                        "the limits of 'a.*' keep 800",
                        "the limits of 'b.*' let at most 0.0 of them go");
    }
}
