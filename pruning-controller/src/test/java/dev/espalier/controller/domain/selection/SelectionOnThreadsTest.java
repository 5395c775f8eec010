// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import static dev.espalier.controller.testing.Weights.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.selection.kernel.Interval;
import dev.espalier.controller.domain.selection.kernel.KeyType;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.controller.testing.Policies;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of several chunks, read in place or not, on any number of threads, by either kernel. */
class SelectionOnThreadsTest {

    /** No multiple of a word, a tile or a chunk; some three chunks. */
    private static final int COUNT = 3 * Chunks.LENGTH + 1_001;

    private static final List<Workers> WORKERS =
            List.of(
                    Workers.of(1),
                    Workers.of(2),
                    Workers.of(4),
                    Workers.scalar(1),
                    Workers.scalar(3));

    @TempDir Path folder;

    /** What makes a radix selection stumble. */
    enum Values {
        SPREAD,
        ALIKE,
        OF_FOUR_SIZES,
        MOSTLY_ZERO,
        ASCENDING,
        SMALL_AT_THE_END,
        OF_ALL_EXPONENTS;

        private double at(int i) {
            return switch (this) {
                case SPREAD -> new SplittableRandom(i).nextGaussian() * 0.02;
                case ALIKE -> i % 3 == 0 ? -0.5 : 0.5;
                case OF_FOUR_SIZES -> new SplittableRandom(i).nextInt(4) * 0.25;
                case MOSTLY_ZERO -> i % 50 == 0 ? 1.0 / (i + 1) : -0.0;
                case ASCENDING -> 1 + i * 1e-6;
                case SMALL_AT_THE_END -> i < COUNT - 70_000 ? 1000 + i % 64 : i % 64;
                case OF_ALL_EXPONENTS ->
                        Math.scalb(1.0, new SplittableRandom(i).nextInt(-120, 120));
            };
        }

        private double[] array(int count) {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = at(i);
            }
            return values;
        }
    }

    private static Plan plan(Weights weights, Mask mask, Scope scope, double share) {
        List<String> names = weights.tensors().stream().map(Weights.Tensor::name).toList();
        List<GroupCount> groups =
                switch (scope) {
                    case GLOBAL -> {
                        long active =
                                weights.tensors().stream().mapToLong(t -> active(t, mask)).sum();
                        yield List.of(count(null, active, share));
                    }
                    case LAYER ->
                            weights.tensors().stream()
                                    .map(t -> count(t.name(), active(t, mask), share))
                                    .toList();
                    case NEURON -> throw new IllegalArgumentException("no rows here");
                };
        return new Plan(Policies.fixedRatio(0.5, scope), names, groups, List.of());
    }

    private static GroupCount count(String tensor, long active, double share) {
        return new GroupCount(
                tensor, null, active, Math.max(Math.min(1, active), (long) (share * active)), null);
    }

    private static long active(Weights.Tensor tensor, Mask mask) {
        MaskTensor bits = mask.tensor(tensor.name());
        return bits == null ? tensor.values().length : bits.active();
    }

    private static Mask half(Weights weights) {
        Map<String, MaskTensor> masks = new TreeMap<>();
        var random = new SplittableRandom(7);
        for (Weights.Tensor tensor : weights.tensors()) {
            MaskTensor bits = MaskTensor.ones(tensor.shape());
            for (int i = 0; i < tensor.values().length; i++) {
                if (random.nextBoolean() || i / 5000 % 4 == 0) {
                    bits.clear(i);
                }
            }
            masks.put(tensor.name(), bits);
        }
        return new Mask(masks);
    }

    private static Mask select(MaskedWeights weights, Plan plan, ByteSource source, Workers workers)
            throws IOException {
        Map<String, MaskTensor> next = new TreeMap<>();
        Selection.shapes(weights, plan)
                .forEach((name, shape) -> next.put(name, MaskTensor.zeros(shape)));
        Mask mask = new Mask(next);
        Selection.select(weights, plan, source, mask, workers);
        return mask;
    }

    private void shouldBeWhatSortingGives(Weights weights, Mask mask, Plan plan)
            throws IOException {
        Mask wanted = NaiveSelection.select(weights, mask, plan);
        Path file = Files.write(folder.resolve("weights"), weights.bytes());
        try (FileSource mapped = FileSource.open(file)) {
            MaskedWeights masked = MaskedWeights.read(mapped, mask);
            for (Workers workers : WORKERS) {
                assertThat(select(masked, plan, mapped, workers))
                        .as("in place, %s", workers)
                        .isEqualTo(wanted);
                assertThat(select(masked, plan, weights.source("weights"), workers))
                        .as("through buffers, %s", workers)
                        .isEqualTo(wanted);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Values.class)
    void shouldBeWhatSortingGivesInOneLargeGroup(Values values) throws IOException {
        Weights weights = Weights.of(tensor("a.weight", DType.F32, 1, values.array(COUNT)));
        for (double share : new double[] {0, 0.4, 1}) {
            shouldBeWhatSortingGives(
                    weights, Mask.DENSE, plan(weights, Mask.DENSE, Scope.LAYER, share));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16"})
    void shouldBeWhatSortingGivesUnderAMaskOverSeveralTensors(DType type) throws IOException {
        Weights weights =
                Weights.of(
                        tensor("a.weight", type, 1, Values.OF_FOUR_SIZES.array(Chunks.LENGTH)),
                        tensor("b.weight", type, 7, Values.SPREAD.array(7 * 11_003)),
                        tensor("c.weight", type, 1, 0.25),
                        tensor("d.weight", DType.BF16, 3, Values.OF_FOUR_SIZES.array(3 * 90_001)));
        Mask mask = half(weights);

        shouldBeWhatSortingGives(weights, mask, plan(weights, mask, Scope.GLOBAL, 0.3));
        shouldBeWhatSortingGives(weights, mask, plan(weights, mask, Scope.LAYER, 0.7));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 27, 64, 100, 4_609, 65_535, 65_536, 65_537})
    void shouldBeWhatSortingGivesInRowsOfAnyLength(int length) throws IOException {
        int rows = Math.max(3, Math.min(70_000, 300_000 / length));
        double[] values = Values.SPREAD.array(rows * length);
        for (int i = 0; i < values.length; i += 7) {
            values[i] = 0.01;
        }
        Weights weights = Weights.of(tensor("a.weight", DType.F32, rows, values));
        Mask mask = half(weights);
        MaskTensor bits = mask.tensor("a.weight");
        Path file = Files.write(folder.resolve("weights"), weights.bytes());
        var random = new SplittableRandom(11);
        List<GroupCount> groups =
                IntStream.range(0, rows)
                        .mapToObj(
                                row -> {
                                    long active =
                                            bits.active((long) row * length, (row + 1L) * length);
                                    long c = random.nextLong(active + 1);
                                    return new GroupCount("a.weight", row, active, c, null);
                                })
                        .toList();
        Plan plan =
                new Plan(
                        Policies.fixedRatio(0.5, Scope.NEURON),
                        List.of("a.weight"),
                        groups,
                        List.of());
        MaskTensor wanted = byRows(weights.tensor("a.weight"), bits, groups);

        try (FileSource mapped = FileSource.open(file)) {
            MaskedWeights masked = MaskedWeights.read(mapped, mask);
            for (Workers workers : WORKERS) {
                for (ByteSource source : List.of(mapped, weights.source("weights"))) {
                    assertThat(select(masked, plan, source, workers).tensor("a.weight"))
                            .as("%s, %s", workers, source)
                            .isEqualTo(wanted);
                }
            }
        }
    }

    /** The oracle of rows alone, for the other goes through all weights once per row. */
    private static MaskTensor byRows(
            Weights.Tensor tensor, MaskTensor mask, List<GroupCount> groups) {
        MaskTensor next = mask.copy();
        int length = tensor.rowLength();
        for (GroupCount group : groups) {
            int from = group.unit() * length;
            IntStream.range(from, from + length)
                    .filter(mask::get)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> Math.abs(tensor.values()[i])))
                    .limit(group.pruned())
                    .forEach(next::clear);
        }
        return next;
    }

    /** Else two threads would write to one word, which no test of results sees every time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 27, 100, 4_609, 65_535})
    void shouldBeginEveryPieceForAThreadWithAWordOfTheMask(int length) {
        long rows = 1_000;
        Stretch all =
                Stretch.whole(
                        new TensorInfo("a.weight", DType.BF16, List.of(rows, (long) length), 0),
                        MaskTensor.zeros(List.of(rows, (long) length)));
        var blocks = new RowBlocks(all);
        var chunks = new Chunks(List.of(all));

        long next = 0;
        for (int i = 0; i < blocks.count(); i++) {
            assertThat(next % 64).isZero();
            for (Stretch piece : blocks.pieces(i)) {
                assertThat(piece.from()).isEqualTo(next);
                next = piece.to();
            }
        }
        assertThat(next).isEqualTo(all.to());
        next = 0;
        for (int i = 0; i < chunks.count(); i++) {
            assertThat(chunks.get(i).from()).isEqualTo(next);
            assertThat(next % 64).isZero();
            next = chunks.get(i).to();
        }
        assertThat(next).isEqualTo(all.to());
    }

    @Test
    void shouldNotMindAWrongGuess() throws IOException {
        double[] values = Values.SPREAD.array(COUNT);
        Weights weights = Weights.of(tensor("a.weight", DType.F32, 1, values));
        Plan plan = plan(weights, Mask.DENSE, Scope.LAYER, 0.5);
        MaskTensor wanted = NaiveSelection.select(weights, Mask.DENSE, plan).tensor("a.weight");
        var source = weights.source("weights");
        Interval all = Interval.all(KeyType.F32);
        int one = Float.floatToIntBits(1) >>> all.shift();

        for (Interval guess :
                List.of(
                        all.within(0, one - 1_500),
                        all.within(one, one + 100),
                        all.within(one - 900, one),
                        all.within(one, one))) {
            MaskTensor bits = MaskTensor.ones(List.of(1L, (long) COUNT));
            Stretch group =
                    Stretch.whole(
                            MaskedWeights.read(source, Mask.DENSE).maskable().getFirst(), bits);
            try (Arena arena = Arena.ofShared();
                    Team team = Workers.of(2).team(source, arena)) {
                long c = plan.pruned();
                new LargeGroup(team, KeyType.F32, List.of(group), COUNT, c, guess).prune();
            }
            assertThat(bits).as("%s", guess).isEqualTo(wanted);
        }
    }

    /** A guess that holds everything: one thread has to let go of what it caught, two need not. */
    @ParameterizedTest
    @EnumSource(names = {"SPREAD", "ALIKE"})
    void shouldCountWhatIsTooMuchToCatch(Values values) throws IOException {
        int count = CandidateKeys.MOST + 70_001;
        Weights weights = Weights.of(tensor("a.weight", DType.F32, 1, values.array(count)));
        // Of so few, what is counted after letting go would seem to tell enough.
        Plan plan = plan(weights, Mask.DENSE, Scope.LAYER, 0.05);
        MaskTensor wanted = NaiveSelection.select(weights, Mask.DENSE, plan).tensor("a.weight");
        var source = weights.source("weights");
        Interval all = Interval.all(KeyType.F32);

        for (int threads : new int[] {1, 2}) {
            MaskTensor bits = MaskTensor.ones(List.of(1L, (long) count));
            Stretch group =
                    Stretch.whole(
                            MaskedWeights.read(source, Mask.DENSE).maskable().getFirst(), bits);
            try (Arena arena = Arena.ofShared();
                    Team team = Workers.of(threads).team(source, arena)) {
                new LargeGroup(team, KeyType.F32, List.of(group), count, plan.pruned(), all)
                        .prune();
            }
            assertThat(bits).as("%d threads", threads).isEqualTo(wanted);
        }
    }

    @Test
    void shouldNameTheFirstWeightThatIsNotFiniteOnAnyNumberOfThreads() throws IOException {
        double[] values = Values.SPREAD.array(COUNT);
        values[2 * Chunks.LENGTH + 5] = Double.NaN;
        values[Chunks.LENGTH + 77] = Double.NEGATIVE_INFINITY;
        values[3] = Double.NaN;
        Weights weights = Weights.of(tensor("a.weight", DType.BF16, 1, values));
        MaskTensor bits = MaskTensor.ones(List.of(1L, (long) COUNT));
        bits.clear(3);
        Mask mask = new Mask(Map.of("a.weight", bits));
        Plan plan = plan(weights, mask, Scope.LAYER, 0.5);
        var source = weights.source("weights");
        MaskedWeights masked = MaskedWeights.read(source, mask);

        for (Workers workers : WORKERS) {
            assertThatThrownBy(() -> select(masked, plan, source, workers))
                    .isInstanceOf(UnusableSnapshotException.class)
                    .hasMessage(
                            "weights: weight %d of 'a.weight' is infinite: only finite weights can be ranked"
                                    .formatted(Chunks.LENGTH + 77));
        }
    }
}
