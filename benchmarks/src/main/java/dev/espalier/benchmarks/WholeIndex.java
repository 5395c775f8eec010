// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.PowerSumKernel;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The power sums of a whole ResNet18 for CIFAR10, of every row, tensor and all weights together,
 * for the paper's grid, from a file.
 */
record WholeIndex(String name, FileSource source, SnapshotMeasurer measurer, boolean gini)
        implements SideBySideCase {

    private static final List<NormPair> GRID =
            IntStream.rangeClosed(1, 10)
                    .boxed()
                    .flatMap(
                            p ->
                                    IntStream.rangeClosed(10, 20)
                                            .filter(q -> q > p)
                                            .mapToObj(q -> new NormPair(p / 10.0, q / 10.0)))
                    .toList();

    WholeIndex(String name, FileSource source, PowerSumKernel kernel, int threads, boolean gini) {
        this(name, source, new SnapshotMeasurer(kernel, threads), gini);
    }

    /** Its prunable tensors: 11,164,352 weights. */
    static List<TensorData> tensors(Weights weights) {
        List<List<Long>> shapes = new ArrayList<>();
        shapes.add(List.of(64L, 3L, 3L, 3L));
        long in = 64;
        for (long out : new long[] {64, 128, 256, 512}) {
            shapes.add(List.of(out, in, 3L, 3L));
            shapes.add(List.of(out, out, 3L, 3L));
            shapes.add(List.of(out, out, 3L, 3L));
            shapes.add(List.of(out, out, 3L, 3L));
            if (in != out) {
                shapes.add(List.of(out, in, 1L, 1L));
            }
            in = out;
        }
        shapes.add(List.of(10L, 512L));
        List<TensorData> tensors = new ArrayList<>();
        long at = 0;
        for (List<Long> shape : shapes) {
            long bytes = shape.stream().reduce(1L, Math::multiplyExact) * Float.BYTES;
            tensors.add(
                    new TensorData(
                            "%02d.weight".formatted(tensors.size()),
                            DType.F32,
                            shape,
                            weights.bytes().asSlice(at, bytes)));
            at += bytes;
        }
        return tensors;
    }

    @Override
    public long bytes() {
        return source.size();
    }

    @Override
    public double run() {
        long start = System.nanoTime();
        try {
            measurer.measure(source, Mask.DENSE, GRID, gini);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
