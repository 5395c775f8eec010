// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import static dev.espalier.controller.testing.Weights.matrix;
import static dev.espalier.controller.testing.Weights.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.planning.Planner;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.controller.testing.Policies;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.schemas.testing.Seeded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelectionTest {

    private static final DType[] TYPES = {DType.F32, DType.F16, DType.BF16, DType.F64};
    private static final List<Scope> SCOPES = List.of(Scope.values());
    private static final int[] LENGTHS = {1, 7, 63, 64, 65, 200, 2047, 2049};

    private static Mask select(Weights weights, Mask mask, Plan plan) throws IOException {
        var source = weights.source("weights");
        return Selection.select(MaskedWeights.read(source, mask), plan, source);
    }

    private static Plan plan(Policy policy, Weights weights, Mask mask) {
        return Planner.plan(
                policy, Moment.FIRST, Weights.EXPONENTS, weights.measured(mask), Formulas.NONE);
    }

    /** The same groups with counts drawn anew, 0 and all of them included. */
    private static Plan anyCounts(Plan plan, RandomGenerator random) {
        List<GroupCount> groups = new ArrayList<>();
        for (GroupCount group : plan.groups()) {
            long c =
                    switch (random.nextInt(4)) {
                        case 0 -> 0;
                        case 1 -> group.active();
                        case 2 -> Math.max(0, group.active() - 1);
                        default -> random.nextLong(group.active() + 1);
                    };
            groups.add(new GroupCount(group.tensor(), group.unit(), group.active(), c, null));
        }
        return new Plan(plan.policy(), plan.chosen(), groups, plan.excluded());
    }

    private static double value(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0 -> 0.0;
            case 1 -> -0.0;
            case 2 -> Float.MIN_VALUE * random.nextInt(1, 9);
            case 3 -> Double.MIN_VALUE * random.nextInt(1, 9);
            case 4 -> -6e-8;
            case 5 -> random.nextBoolean() ? 0.25 : -0.25;
            case 6 -> 60_000;
            default -> random.nextGaussian();
        };
    }

    private static Weights.Tensor anyTensor(String name, DType dtype, RandomGenerator random) {
        int rows = random.nextInt(1, 6);
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        double[] values = new double[rows * length];
        boolean equal = random.nextInt(8) == 0;
        Arrays.setAll(values, i -> equal ? (i % 2 == 0 ? 0.5 : -0.5) : value(random));
        return tensor(name, dtype, rows, values);
    }

    private static Mask anyMask(Weights weights, RandomGenerator random) {
        Map<String, MaskTensor> masks = new HashMap<>();
        for (Weights.Tensor tensor : weights.tensors()) {
            int density = random.nextInt(5);
            if (density == 0) {
                continue;
            }
            MaskTensor bits = MaskTensor.ones(tensor.shape());
            for (int i = 0; i < tensor.values().length; i++) {
                if (random.nextInt(5) >= density) {
                    bits.clear(i);
                }
            }
            masks.put(tensor.name(), bits);
        }
        return new Mask(masks);
    }

    @Seeded(cases = 400)
    void invariant2ShouldSelectSameWeightsAsFullSort(RandomGenerator random) throws IOException {
        DType one = TYPES[random.nextInt(4)];
        boolean mixed = random.nextInt(3) == 0;
        Weights weights =
                Weights.of(
                        anyTensor("a.weight", one, random),
                        anyTensor("b.weight", mixed ? TYPES[random.nextInt(4)] : one, random),
                        anyTensor("c.weight", mixed ? TYPES[random.nextInt(4)] : one, random));
        Mask mask = anyMask(weights, random);
        Scope scope = SCOPES.get(random.nextInt(3));
        Policy policy = Policies.fixedRatio(0.5, scope);
        if (random.nextInt(4) == 0) {
            policy = Policies.excluding(policy, "b.*");
        }
        Plan plan = anyCounts(plan(policy, weights, mask), random);

        Mask next = select(weights, mask, plan);

        assertThat(next).isEqualTo(NaiveSelection.select(weights, mask, plan));
        assertThat(active(weights, next)).isEqualTo(active(weights, mask) - plan.pruned());
        next.tensors()
                .forEach(
                        (name, bits) -> {
                            MaskTensor before = mask.tensor(name);
                            assertThat(before == null || bits.isSubsetOf(before)).isTrue();
                        });
    }

    private static long active(Weights weights, Mask mask) throws IOException {
        return MaskedWeights.read(weights.source("weights"), mask).active();
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16"})
    void shouldCrossTheBordersOfBlocksAndBuffers(DType type) throws IOException {
        // More than a buffer of any type holds, and no multiple of a block.
        double[] values = new double[3 * 200_017];
        long state = 1;
        for (int i = 0; i < values.length; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            values[i] = (state >> 40) / 1000.0;
        }
        Weights weights = Weights.of(tensor("a.weight", type, 3, values));
        for (Scope scope : Scope.values()) {
            Plan first = plan(Policies.fixedRatio(0.37, scope), weights, Mask.DENSE);
            Mask once = select(weights, Mask.DENSE, first);
            assertThat(once)
                    .as("%s, dense", scope)
                    .isEqualTo(NaiveSelection.select(weights, Mask.DENSE, first));

            Plan second = plan(Policies.fixedRatio(0.37, scope), weights, once);
            assertThat(select(weights, once, second))
                    .as("%s, masked", scope)
                    .isEqualTo(NaiveSelection.select(weights, once, second));
        }
    }

    @Seeded(cases = 40)
    void shouldRankTensorsOfSeveralTypesTogether(RandomGenerator random) throws IOException {
        List<Weights.Tensor> tensors = new ArrayList<>();
        for (DType type : random.nextBoolean() ? TYPES : new DType[] {DType.F16, DType.BF16}) {
            double[] values = new double[4000];
            Arrays.setAll(values, i -> random.nextGaussian());
            tensors.add(tensor(type + ".weight", type, 4, values));
        }
        Weights weights = Weights.of(tensors.toArray(Weights.Tensor[]::new));
        Plan plan =
                plan(
                        Policies.fixedRatio(random.nextDouble(0.01, 0.99), Scope.GLOBAL),
                        weights,
                        Mask.DENSE);

        assertThat(select(weights, Mask.DENSE, plan))
                .isEqualTo(NaiveSelection.select(weights, Mask.DENSE, plan));
    }

    @Test
    void shouldBreakTiesByIndexOverAllTensors() throws IOException {
        Weights weights =
                Weights.of(matrix("a.weight", 1, 1, -1, 1, 1), matrix("b.weight", 1, 1, 1, -1, 1));

        Mask next =
                select(
                        weights,
                        Mask.DENSE,
                        plan(Policies.fixedRatio(0.75, Scope.GLOBAL), weights, Mask.DENSE));

        assertThat(next.tensor("a.weight")).isEqualTo(MaskTensor.zeros(List.of(1L, 4L)));
        assertThat(next.tensor("b.weight").bits(0, 4)).isEqualTo(0b1100);
    }

    @Test
    void shouldTakeZerosOfEitherSignFirstThoughTheyAreActive() throws IOException {
        Weights weights = Weights.of(matrix("a.weight", 1, 1, -0.0, 2, 0, 1e-45, 0.0));

        Mask next =
                select(
                        weights,
                        Mask.DENSE,
                        plan(Policies.fixedRatio(0.5, Scope.LAYER), weights, Mask.DENSE));

        assertThat(next.tensor("a.weight").bits(0, 6)).isEqualTo(0b010101);
    }

    @Test
    void shouldRankOneShotByOtherWeights() throws IOException {
        Weights dense = Weights.of(matrix("a.weight", 1, 4, 3, 2, 1));
        Weights later = Weights.of(matrix("a.weight", 1, 1, 2, 3, 4));
        Plan plan = plan(Policies.oneShot(0.5, Scope.LAYER), later, Mask.DENSE);

        Mask next =
                Selection.select(
                        MaskedWeights.read(later.source("w_1"), Mask.DENSE),
                        plan,
                        dense.source("w_0"));

        assertThat(next.tensor("a.weight").bits(0, 4)).isEqualTo(0b0011);
    }

    @Test
    void shouldRefuseToRankByWeightsOfAnotherShape() {
        Weights weights = Weights.of(matrix("a.weight", 1, 4, 3, 2, 1));
        Weights other = Weights.of(matrix("a.weight", 2, 4, 3, 2, 1));
        Plan plan = plan(Policies.oneShot(0.5, Scope.LAYER), weights, Mask.DENSE);

        assertThatThrownBy(
                        () ->
                                Selection.select(
                                        MaskedWeights.read(weights.source("w_1"), Mask.DENSE),
                                        plan,
                                        other.source("w_0")))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("a.weight")
                .hasMessageContaining("[2, 2]");
    }

    @Test
    void shouldNameTheActiveWeightThatIsNotFinite() throws IOException {
        Weights weights = Weights.of(matrix("a.weight", 1, 4, 3, Double.NaN, 1));
        // Nobody can have measured these, so they are planned by hand.
        Plan plan = losingOne(4);
        MaskTensor bits = MaskTensor.ones(List.of(1L, 4L));
        bits.clear(2);
        Mask masked = new Mask(Map.of("a.weight", bits));

        assertThatThrownBy(() -> select(weights, Mask.DENSE, plan))
                .isInstanceOf(UnusableSnapshotException.class)
                .hasMessage(
                        "weights: weight 2 of 'a.weight' is NaN: only finite weights can be ranked");
        assertThat(select(weights, masked, losingOne(3)).active()).isEqualTo(2);
    }

    private static Plan losingOne(long active) {
        return new Plan(
                Policies.fixedRatio(0.3, Scope.LAYER),
                List.of("a.weight"),
                List.of(new GroupCount("a.weight", null, active, 1, null)),
                List.of());
    }

    @Test
    void shouldKeepMasksOfExcludedTensorsAndNameNoOthers() throws IOException {
        Weights weights =
                Weights.of(
                        matrix("a.weight", 1, 4, 3, 2, 1),
                        matrix("b.weight", 1, 4, 3, 2, 1),
                        matrix("c.weight", 1, 4, 3, 2, 1));
        MaskTensor half = MaskTensor.ones(List.of(1L, 4L));
        half.clear(0);
        Mask mask = new Mask(Map.of("b.weight", half));
        Policy policy = Policies.excluding(Policies.fixedRatio(0.5, Scope.LAYER), "b.*", "c.*");

        Mask next = select(weights, mask, plan(policy, weights, mask));

        assertThat(next.tensors()).containsOnlyKeys("a.weight", "b.weight");
        assertThat(next.tensor("b.weight")).isEqualTo(half);
    }

    @Test
    void shouldRefuseAMeasurementOfAnotherMask() throws IOException {
        Weights weights = Weights.of(matrix("a.weight", 2, 4, 3, 2, 1));
        MaskTensor bits = MaskTensor.ones(List.of(2L, 2L));
        bits.clear(1);
        MaskedWeights masked =
                MaskedWeights.read(weights.source("w"), new Mask(Map.of("a.weight", bits)));

        assertThatThrownBy(() -> masked.requireMeasured(weights.measured(Mask.DENSE)))
                .isInstanceOf(UnusableSnapshotException.class)
                .hasMessageContaining("3 active")
                .hasMessageContaining("4 active");
        // Rows are counted only while they are pruned.
        assertThatThrownBy(() -> Selection.select(masked, anyRow(weights), weights.source("w")))
                .isInstanceOf(UnusableSnapshotException.class)
                .hasMessageContaining("has 1 active weights, of which 2 should go");
    }

    private static Plan anyRow(Weights weights) {
        Plan plan = plan(Policies.fixedRatio(0.9, Scope.NEURON), weights, Mask.DENSE);
        return new Plan(
                plan.policy(),
                plan.chosen(),
                List.of(
                        new GroupCount("a.weight", 0, 2, 2, null),
                        new GroupCount("a.weight", 1, 2, 0, null)),
                List.of());
    }
}
