// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import static dev.espalier.controller.testing.Weights.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.controller.testing.Policies;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.testing.Seeded;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static final Policy SAP = Policies.sap(Scope.GLOBAL);

    private static Plan plan(Policy policy, Weights weights) {
        return plan(policy, weights, Mask.DENSE);
    }

    private static Plan plan(Policy policy, Weights weights, Mask mask) {
        return Planner.plan(
                policy, Moment.FIRST, Weights.EXPONENTS, weights.measured(mask), Formulas.NONE);
    }

    private static long pruned(Policy policy, double... values) {
        return plan(policy, Weights.of(matrix("fc1.weight", 1, values))).pruned();
    }

    private static double[] zerosAndOnes(int zeros, int ones) {
        double[] values = new double[zeros + ones];
        Arrays.fill(values, zeros, values.length, 1);
        return values;
    }

    @Test
    void shouldPruneEveryZeroOfSixZerosAndFourOnes() {
        assertThat(pruned(SAP, zerosAndOnes(6, 4))).isEqualTo(6);
    }

    @Test
    void shouldNotBeOneWeightOffWhereSinglePrecisionIs() {
        assertThat(pruned(SAP, zerosAndOnes(9, 18))).as("d=27, r=18").isEqualTo(9);
        assertThat(pruned(SAP, zerosAndOnes(1, 8))).as("d=9, r=8").isEqualTo(1);
    }

    @Test
    void shouldPruneEveryZeroWhateverTheirNumber() {
        Policy widest = Policies.of(new PruningRule.Sap(0.5, 1, 0, 1, 0.999_999), Scope.GLOBAL);
        Policy otherPair = Policies.of(new PruningRule.Sap(1, 2, 0, 1, 0.999_999), Scope.GLOBAL);
        for (int d = 1; d <= 200; d++) {
            for (int ones = 1; ones <= d; ones++) {
                assertThat(pruned(widest, zerosAndOnes(d - ones, ones)))
                        .as("%d ones of %d", ones, d)
                        .isEqualTo(d - ones);
                assertThat(pruned(otherPair, zerosAndOnes(d - ones, ones)))
                        .as("%d ones of %d by (1, 2)", ones, d)
                        .isEqualTo(d - ones);
            }
        }
    }

    @Test
    void shouldFollowTheOracleOfThePaper() {
        // r0(.5, 1) of [0, 1, 3, 5] is 2.7424671403, so 1.26 weights may go.
        assertThat(pruned(SAP, 0, 1, 3, 5)).isEqualTo(1);
        // r0(.5, 1) of [1, 2, 3, 4] is 3.7776565705.
        assertThat(pruned(SAP, 1, 2, 3, 4)).isZero();
    }

    @Test
    void shouldTakeAtMostBeta() {
        double[] oneHot = new double[10];
        oneHot[3] = 7;
        assertThat(pruned(SAP, oneHot)).isEqualTo(9);
        assertThat(
                        pruned(
                                Policies.of(new PruningRule.Sap(0.5, 1, 0, 3, 0.29), Scope.GLOBAL),
                                zerosAndOnes(60, 40)))
                .as("0.29 * 100 is 28.999999999999996 in double")
                .isEqualTo(29);
    }

    @Test
    void shouldScaleByGammaAndEta() {
        double[] values = zerosAndOnes(2, 8);
        assertThat(pruned(SAP, values)).isEqualTo(2);
        assertThat(
                        pruned(
                                Policies.of(new PruningRule.Sap(0.5, 1, 0, 3, 0.9), Scope.GLOBAL),
                                values))
                .isEqualTo(6);
        // r = 10 * 2^-2 * 0.8 = 2
        assertThat(
                        pruned(
                                Policies.of(new PruningRule.Sap(0.5, 1, 1, 1, 0.9), Scope.GLOBAL),
                                values))
                .isEqualTo(8);
    }

    @Seeded(cases = 300)
    void shouldPruneTheFloorOfDTimesTheIndexGlobally(RandomGenerator random) {
        double[] values = new double[random.nextInt(1, 3000)];
        Arrays.setAll(values, i -> random.nextGaussian());
        Weights weights = Weights.of(matrix("fc1.weight", 1, values));
        var measured = weights.measured(Mask.DENSE).getFirst();
        double index =
                measured.powerSums(Weights.EXPONENTS).index(new NormPair(0.5, 1)).orElseThrow();

        long pruned = plan(SAP, weights).pruned();

        assertThat(pruned).isEqualTo((long) Math.floor(values.length * index));
        // pr(t+1) = pr(t) (1 - I(t)), up to the floor
        double left = values.length * (1 - index);
        assertThat((double) values.length - pruned).isBetween(left - 1e-6, left + 1);
    }

    @Seeded(cases = 300)
    void shouldStayWithinTheBoundsOfAnyPolicy(RandomGenerator random) {
        double beta = random.nextDouble(0.01, 0.99);
        double p = random.nextInt(2) == 0 ? 0.5 : 1;
        var rule =
                new PruningRule.Sap(
                        p,
                        p == 0.5 && random.nextBoolean() ? 1 : 2,
                        random.nextDouble(),
                        random.nextDouble(0.1, 5),
                        beta);
        long keep = random.nextInt(20);
        int d = random.nextInt(1, 500);
        double[] values = new double[d];
        Arrays.setAll(values, i -> random.nextInt(3) == 0 ? 0 : random.nextGaussian());

        long c = pruned(Policies.keeping(Policies.of(rule, Scope.GLOBAL), keep), values);

        long most =
                new BigDecimal(beta)
                        .multiply(BigDecimal.valueOf(d))
                        .setScale(0, RoundingMode.FLOOR)
                        .longValueExact();
        assertThat(c).isBetween(0L, Math.min(most, Math.max(0, d - keep)));
    }

    @Test
    void shouldTakeAFixedFractionAndItsPowers() {
        Policy ticket = Policies.fixedRatio(0.2, Scope.GLOBAL);
        long left = 100_000;
        List<Long> course = new ArrayList<>();
        for (int t = 0; t < 5; t++) {
            left -= PlannedCount.ratio(left, 0.2);
            course.add(left);
        }
        assertThat(course).containsExactly(80_000L, 64_000L, 51_200L, 40_960L, 32_768L);
        assertThat(pruned(ticket, zerosAndOnes(0, 9))).as("floor(1.8)").isEqualTo(1);
        assertThat(pruned(Policies.oneShot(0.2, Scope.GLOBAL), zerosAndOnes(0, 9))).isEqualTo(1);
        assertThat(PlannedCount.ratio(10, 0.3)).as("0.3 * 10").isEqualTo(3);
        assertThat(PlannedCount.ratio(1000, 0.0291)).as("29.099999999999998").isEqualTo(29);
    }

    @Test
    void shouldKeepAtLeastWhatThePolicyKeeps() {
        assertThat(pruned(Policies.keeping(SAP, 7), zerosAndOnes(6, 4))).isEqualTo(3);
        assertThat(
                        plan(
                                        Policies.keeping(SAP, 10),
                                        Weights.of(matrix("a.weight", 1, zerosAndOnes(6, 4))))
                                .groups())
                .containsExactly(new GroupCount(null, null, 10, 0, "the policy keeps at least 10"));
        assertThat(pruned(Policies.keeping(SAP, 11), zerosAndOnes(6, 4))).isZero();
    }

    @Test
    void shouldPruneNothingWhereTheIndexIsUndefined() {
        MaskTensor none = MaskTensor.zeros(List.of(2L, 2L));
        Weights weights =
                Weights.of(
                        matrix("a.weight", 2, 0, 0, 0, 0),
                        matrix("b.weight", 2, 1, 2, 3, 4),
                        matrix("c.weight", 2, 0, 0, 0, 1));

        Plan plan = plan(Policies.sap(Scope.LAYER), weights, new Mask(Map.of("b.weight", none)));

        assertThat(plan.groups())
                .containsExactly(
                        new GroupCount(
                                "a.weight",
                                null,
                                4,
                                0,
                                "all its active weights are 0: its PQI is undefined"),
                        new GroupCount("b.weight", null, 0, 0, "it has no active weight"),
                        new GroupCount("c.weight", null, 4, 3, null));
    }

    @Test
    void shouldPlanEachScopeInItsOwnGroups() {
        Weights weights =
                Weights.of(
                        matrix("a.weight", 2, 0, 0, 1, 1, 1, 1, 1, 1),
                        matrix("b.weight", 1, 0, 0, 0, 1));

        assertThat(plan(Policies.sap(Scope.GLOBAL), weights).groups())
                .containsExactly(new GroupCount(null, null, 12, 5, null));
        assertThat(plan(Policies.sap(Scope.LAYER), weights).groups())
                .containsExactly(
                        new GroupCount("a.weight", null, 8, 2, null),
                        new GroupCount("b.weight", null, 4, 3, null));
        assertThat(plan(Policies.sap(Scope.NEURON), weights).groups())
                .containsExactly(
                        new GroupCount("a.weight", 0, 4, 2, null),
                        new GroupCount("a.weight", 1, 4, 0, null),
                        new GroupCount("b.weight", 0, 4, 3, null));
    }

    @Test
    void shouldCountOnlyWhatIsNotExcluded() {
        Weights weights =
                Weights.of(
                        matrix("a.weight", 1, zerosAndOnes(6, 4)),
                        matrix("linear.weight", 1, zerosAndOnes(90, 10)));

        Plan plan = plan(Policies.excluding(SAP, "linear.*"), weights);

        assertThat(plan.groups()).containsExactly(new GroupCount(null, null, 10, 6, null));
        assertThat(plan.chosen()).containsExactly("a.weight");
        assertThat(plan.excluded())
                .containsExactly(
                        new ExcludedTensor("linear.weight", "excluded by the pattern 'linear.*'"));
        assertThat(plan(Policies.excluding(SAP, "*"), weights).pruned()).isZero();
    }

    @Test
    void shouldNameWhatWasMeasuredWhenThePairWasNot() {
        Policy policy = Policies.of(new PruningRule.Sap(0.3, 1, 0, 1, 0.9), Scope.GLOBAL);
        Weights weights = Weights.of(matrix("a.weight", 1, 1, 2));

        assertThatThrownBy(() -> plan(policy, weights))
                .isInstanceOf(PolicyNotApplicableException.class)
                .hasMessageContaining("(0.3, 1.0)")
                .hasMessageContaining("[0.5, 1.0, 2.0]");
    }
}
