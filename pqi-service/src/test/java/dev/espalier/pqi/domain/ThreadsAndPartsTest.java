// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.domain.kernel.VectorPowerSums;
import dev.espalier.pqi.testing.BytesSource;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.transport.documents.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever sums which chunk, and in which order, is no part of the result. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ThreadsAndPartsTest {

    private static final List<NormPair> PAIRS =
            List.of(new NormPair(0.5, 1), new NormPair(1, 2), new NormPair(0.3, 0.7));

    private final Random random = new Random(42);

    /** Rows of many chunks, of part of one, across their borders, and alone in one. */
    private final byte[] file =
            Tensors.file(
                    tensor("a.weight", DType.F32, 3, 300_001),
                    tensor("b.weight", DType.BF16, 7_001, 97),
                    tensor("c.weight", DType.F16, 2, 1 << 18),
                    tensor("d.weight", DType.F32, 1, 600_000),
                    tensor("e.weight", DType.F64, 5, 3),
                    tensor("f.bias", DType.F32, 5, 1));

    private final Mask mask =
            new Mask(
                    Map.of(
                            "a.weight", Tensors.mask(random, 0.5, List.of(3L, 300_001L)),
                            "b.weight", Tensors.mask(random, 0.01, List.of(7_001L, 97L))));

    private final String alone = json(new SnapshotMeasurer(new ScalarPowerSums()));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 9})
    void invariant4ShouldGiveTheSameBytesOnAnyNumberOfThreads(int threads) {
        assertThat(json(new SnapshotMeasurer(new VectorPowerSums(), threads))).isEqualTo(alone);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 100})
    void invariant4ShouldGiveTheSameBytesWhenRangesComeInAnyOrder(long chunks) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(new BytesSource(file));
        SnapshotLayout layout = SnapshotLayout.of(header, mask, PAIRS);
        SnapshotMeasurer measurer = new SnapshotMeasurer(new VectorPowerSums(), 2);
        List<List<TensorPart>> parts = new ArrayList<>();
        for (long from = 0; from < layout.chunkCount(); from += chunks) {
            long to = Math.min(layout.chunkCount(), from + chunks);
            parts.add(measurer.measure(new BytesSource(file), mask, layout, from, to));
        }
        Collections.shuffle(parts, random);

        SnapshotSums sums = new SnapshotSums(layout);
        parts.forEach(sums::add);

        assertThat(new String(Json.bytes(sums.finish()), UTF_8)).isEqualTo(alone);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldReportTheFirstBadWeightWhoeverFindsOne(int threads) {
        double[] values = new double[3_000_000];
        for (int i = 400_000; i < values.length; i += 100_000) {
            values[i] = Double.NaN;
        }
        byte[] bad = Tensors.file(Tensors.f32("a.weight", List.of(3L, 1_000_000L), values));

        assertThatThrownBy(
                        () ->
                                new SnapshotMeasurer(new VectorPowerSums(), threads)
                                        .measure(new BytesSource(bad), Mask.DENSE, PAIRS))
                .isInstanceOf(NonFiniteWeightException.class)
                .hasMessageContaining("weight 400000 of");
    }

    @Test
    void shouldRefuseNoThreads() {
        assertThatThrownBy(() -> new SnapshotMeasurer(new ScalarPowerSums(), 0))
                .hasMessageContaining("0 threads");
    }

    private String json(SnapshotMeasurer measurer) {
        try {
            return new String(
                    Json.bytes(measurer.measure(new BytesSource(file), mask, PAIRS)), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TensorData tensor(String name, DType dtype, long rows, long rowLength) {
        return Tensors.tensor(
                name,
                dtype,
                List.of(rows, rowLength),
                Tensors.gaussian(random, (int) (rows * rowLength)));
    }
}
