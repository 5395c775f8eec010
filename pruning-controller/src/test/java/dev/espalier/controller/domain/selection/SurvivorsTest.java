// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import static dev.espalier.controller.testing.Weights.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SurvivorsTest {

    private static final List<Workers> WORKERS =
            List.of(Workers.of(1), Workers.of(2), Workers.of(4), Workers.scalar(3));

    @TempDir Path folder;

    private static double[] values(int count) {
        var random = new SplittableRandom(count);
        double[] values = new double[count];
        java.util.Arrays.setAll(values, i -> random.nextGaussian());
        return values;
    }

    private static MaskTensor some(int count) {
        MaskTensor bits = MaskTensor.zeros(List.of(1L, (long) count));
        var random = new SplittableRandom(7);
        for (int i = 0; i < count; i++) {
            if (random.nextInt(3) == 0) {
                bits.set(i);
            }
        }
        return bits;
    }

    @ParameterizedTest
    @CsvSource({"0.5,1", "1,2", "0.3,1.7"})
    void shouldAddWhatTheMaskLeavesInTheSameBitsOnAnyNumberOfThreads(double p, double q)
            throws IOException {
        int count = 2 * Chunks.LENGTH + 1_001;
        Weights weights =
                Weights.of(
                        tensor("a.weight", DType.F32, 1, values(count)),
                        tensor("b.weight", DType.F32, 1, values(77)));
        MaskTensor bits = some(count);
        Mask next = new Mask(Map.of("a.weight", bits));
        double expectedP = 0;
        double expectedQ = 0;
        for (Weights.Tensor t : weights.tensors()) {
            for (int i = 0; i < t.values().length; i++) {
                if (t.name().equals("b.weight") || bits.get(i)) {
                    double magnitude = Math.abs((double) (float) t.values()[i]);
                    expectedP += Math.pow(magnitude, p);
                    expectedQ += Math.pow(magnitude, q);
                }
            }
        }
        var pair = new NormPair(p, q);
        Path file = Files.write(folder.resolve("w.safetensors"), weights.bytes());
        Set<PowerSums> found = new HashSet<>();
        try (ByteSource mapped = FileSource.open(file)) {
            MaskedWeights masked = MaskedWeights.read(mapped, Mask.DENSE);
            for (Workers workers : WORKERS) {
                found.add(Survivors.sums(masked, mapped, next, pair, workers));
                found.add(Survivors.sums(masked, weights.source("w"), next, pair, workers));
            }
        }

        assertThat(found).hasSize(1);
        PowerSums sums = found.iterator().next();
        assertThat(sums.active()).isEqualTo(bits.active() + 77);
        assertThat(sums.sums().get(0)).isCloseTo(expectedP, within(1e-9 * expectedP));
        assertThat(sums.sums().get(1)).isCloseTo(expectedQ, within(1e-9 * expectedQ));
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void shouldWidenEveryTypeExactly(DType type) throws IOException {
        Weights weights = Weights.of(tensor("a.weight", type, 2, -1.5, 0.25, -0.0, 8));

        PowerSums sums =
                Survivors.sums(
                        MaskedWeights.read(weights.source("w"), Mask.DENSE),
                        weights.source("w"),
                        Mask.DENSE,
                        new NormPair(1, 2),
                        Workers.of(1));

        assertThat(sums).isEqualTo(new PowerSums(List.of(1.0, 2.0), 4, List.of(9.75, 66.3125)));
    }

    @Test
    void shouldHaveNothingToAddWhereNothingIsLeft() throws IOException {
        Weights weights = Weights.of(tensor("a.weight", DType.F32, 1, values(9)));
        Mask none = new Mask(Map.of("a.weight", MaskTensor.zeros(List.of(1L, 9L))));

        PowerSums sums =
                Survivors.sums(
                        MaskedWeights.read(weights.source("w"), Mask.DENSE),
                        weights.source("w"),
                        none,
                        NormPair.DEFAULTS.getFirst(),
                        Workers.of(2));

        assertThat(sums.active()).isZero();
        assertThat(sums.index(NormPair.DEFAULTS.getFirst())).isEmpty();
    }
}
