// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.pqi.domain.kernel.ChunkMask;
import dev.espalier.pqi.domain.kernel.KernelChoice;
import dev.espalier.pqi.domain.kernel.KernelChoice.Preference;
import dev.espalier.pqi.domain.kernel.LaneSums;
import dev.espalier.pqi.domain.kernel.PowerSumKernel;
import dev.espalier.pqi.domain.kernel.WeightChunk;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.MaskTensor;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Prints the table of {@code docs/performance.md}. */
final class SideBySide implements AutoCloseable {

    static final List<Double> PAIRS = List.of(0.5, 1.0, 2.0);
    static final List<Double> GRID = IntStream.rangeClosed(1, 20).mapToObj(k -> k / 10.0).toList();
    private static final double ACTIVE = 0.7;
    private static final String SUMS = "(0.5, 1) and (1, 2), F32";
    private static final String HALF_SUMS = "(0.5, 1) and (1, 2), BF16";
    private static final String SUMS_2 = SUMS + ", 2 threads";
    private static final String GRID_2 = "grid, F32, 2 threads";
    private static final String TORCH_PAIR = "torch, two norms of one pair, 2 threads";
    private static final String TORCH_PAIRS = "torch, four norms of both pairs, 2 threads";
    private static final String AUTHORS_PAIRS = "torch, both pairs as the authors' code, 2 threads";
    private static final String PRUNING_2 = "a fifth goes, F32, 2 threads";
    private static final String TORCH_SORT = "torch.sort of |w|, 2 threads";
    private static final String PARTITION = "numpy.partition of |w|";
    private static final int MOST_FOR_TORCHS_GRID = 20_000_000;
    private static final int RESNET18 = 11_170_000;

    private final int count;
    private final PowerSumKernel kernel = KernelChoice.of(Preference.AUTO).kernel();
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final List<SideBySideCase> cases = new ArrayList<>();
    private final List<FileSource> files = new ArrayList<>();

    SideBySide(int count) {
        this.count = count;
    }

    /**
     * @param args number of weights, number of rounds, folder of reference.py, Python
     */
    static void main(String[] args) throws IOException {
        int count = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Optional<Python> python = Python.start(args[3], Path.of(args[2], "reference.py"), count, 2);
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out));
        try (SideBySide sideBySide = new SideBySide(count);
                Arena arena = Arena.ofShared()) {
            out.println(sideBySide.report(rounds, python, arena));
            out.flush();
            if (python.isPresent() && count <= MOST_FOR_TORCHS_GRID) {
                out.println(sideBySide.grid(python.get()));
                out.flush();
            }
            out.println(sideBySide.selection(rounds, python, arena));
            out.flush();
        } finally {
            python.ifPresent(Python::close);
        }
    }

    String report(int rounds, Optional<Python> python, Arena arena) throws IOException {
        add(arena);
        python.ifPresent(
                it -> {
                    cases.add(it.task(TORCH_PAIR, "definition pair"));
                    cases.add(it.task(TORCH_PAIRS, "definition pairs"));
                    cases.add(it.task(AUTHORS_PAIRS, "authors pairs"));
                });
        SideBySideTiming.Result result = SideBySideTiming.run(cases, 5, rounds);
        StringBuilder report = new StringBuilder();
        report.append(
                "%d weights, median of %d rounds, kernel: %s, load average %.1f%n%n%s"
                        .formatted(
                                count,
                                rounds,
                                kernel.name(),
                                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                                result.table()));
        if (python.isPresent()) {
            double ours = result.median(SUMS_2);
            report.append(
                    "%nBoth pairs in one pass: %.0f times torch's one pair, %.0f times its two, %.0f times the authors' operations.%n"
                            .formatted(
                                    result.median(TORCH_PAIR) / ours,
                                    result.median(TORCH_PAIRS) / ours,
                                    result.median(AUTHORS_PAIRS) / ours));
        }
        return report.toString();
    }

    /** Torch takes seconds here, so it has a contest of its own, of five rounds. */
    private String grid(Python python) {
        SideBySideCase ours =
                cases.stream().filter(c -> c.name().equals(GRID_2)).findFirst().orElseThrow();
        List<Double> medians =
                SideBySideTiming.run(
                                List.of(
                                        ours,
                                        python.task("torch, grid", "definition grid"),
                                        python.task("torch, authors' grid", "authors grid")),
                                0,
                                5)
                        .medians();
        return "The grid, 2 threads each, median of 5: %.2f ms; torch by definition %.0f ms, %.0f times; the authors' operations %.0f ms, %.0f times.%n"
                .formatted(
                        medians.get(0),
                        medians.get(1),
                        medians.get(1) / medians.get(0),
                        medians.get(2),
                        medians.get(2) / medians.get(0));
    }

    String selection(int rounds, Optional<Python> python, Arena arena) throws IOException {
        Weights f32 = Weights.outsideTheHeap(DType.F32, count, arena);
        try (FileSource file = f32.file();
                FileSource half = Weights.outsideTheHeap(DType.BF16, count, arena).file()) {
            List<SideBySideCase> list = new ArrayList<>();
            list.add(readOf("plain read, F32, 2 threads", f32, 2));
            list.add(new Pruning(PRUNING_2, file, 2));
            list.add(new Pruning("a fifth goes, F32", file, 1));
            list.add(new Pruning("a fifth goes, BF16, 2 threads", half, 2));
            list.add(new Pruning("a fifth goes, BF16", half, 1));
            python.ifPresent(
                    it -> {
                        list.add(it.task(TORCH_SORT, "sort"));
                        list.add(it.task(PARTITION, "partition"));
                    });
            SideBySideTiming.Result result =
                    SideBySideTiming.run(list, Math.min(rounds, 5), Math.min(rounds, 7));
            if (python.isEmpty()) {
                return result.table();
            }
            double ours = result.median(PRUNING_2);
            return "%s%nSelection: %.0f times torch.sort, %.1f times numpy.partition.%n"
                    .formatted(
                            result.table(),
                            result.median(TORCH_SORT) / ours,
                            result.median(PARTITION) / ours);
        }
    }

    private void add(Arena arena) throws IOException {
        Weights f32 = Weights.outsideTheHeap(DType.F32, count, arena);
        Weights bf16 = Weights.outsideTheHeap(DType.BF16, count, arena);
        Weights mapped = f32.mapped(Files.createTempFile("weights", null), arena);
        Weights mappedHalf = bf16.mapped(Files.createTempFile("weights", null), arena);
        PowerSumKernel scalar = KernelChoice.of(Preference.SCALAR).kernel();
        ChunkMask mask = mask();
        read("plain read, F32, 2 threads", f32, 2);
        read("plain read, F32", f32, 1);
        sums(SUMS_2, f32, 2, kernel, PAIRS, null);
        sums(SUMS, f32, 1, kernel, PAIRS, null);
        sums(SUMS + ", mask, 2 threads", f32, 2, kernel, PAIRS, mask);
        sums(SUMS + ", mask", f32, 1, kernel, PAIRS, mask);
        sums(SUMS + ", mapped, 2 threads", mapped, 2, kernel, PAIRS, null);
        sums(SUMS + ", mapped", mapped, 1, kernel, PAIRS, null);
        Weights heap = Weights.onTheHeap(DType.F32, count);
        sums(SUMS + ", heap, 2 threads", heap, 2, kernel, PAIRS, null);
        sums(SUMS + ", heap", heap, 1, kernel, PAIRS, null);
        sums(HALF_SUMS + ", 2 threads", bf16, 2, kernel, PAIRS, null);
        sums(HALF_SUMS, bf16, 1, kernel, PAIRS, null);
        sums(HALF_SUMS + ", mask, 2 threads", bf16, 2, kernel, PAIRS, mask);
        sums(HALF_SUMS + ", mask", bf16, 1, kernel, PAIRS, mask);
        sums(HALF_SUMS + ", mapped, 2 threads", mappedHalf, 2, kernel, PAIRS, null);
        sums(GRID_2, f32, 2, kernel, GRID, null);
        sums("grid, F32", f32, 1, kernel, GRID, null);
        sums("grid, BF16, 2 threads", bf16, 2, kernel, GRID, null);
        if (count >= RESNET18) {
            resnet18(f32);
        }
        sums(SUMS + ", scalar kernel", f32, 1, scalar, PAIRS, null);
        sums("grid, F32, scalar kernel", f32, 1, scalar, GRID, null);
    }

    private void resnet18(Weights weights) throws IOException {
        FileSource file = Weights.file(WholeIndex.tensors(weights));
        files.add(file);
        cases.add(new WholeIndex("ResNet18, rows to global, grid, file", file, kernel, 1, false));
        cases.add(
                new WholeIndex(
                        "ResNet18, rows to global, grid, file, 2 threads", file, kernel, 2, false));
        cases.add(new WholeIndex("ResNet18, the same and Gini, 2 threads", file, kernel, 2, true));
    }

    static ChunkMask mask() {
        RandomGenerator random = new SplittableRandom(2);
        MaskTensor tensor = MaskTensor.zeros(List.of((long) WeightChunk.MOST_WEIGHTS));
        for (int i = 0; i < WeightChunk.MOST_WEIGHTS; i++) {
            if (random.nextDouble() < ACTIVE) {
                tensor.set(i);
            }
        }
        ChunkMask mask = new ChunkMask();
        mask.load(tensor, 0, WeightChunk.MOST_WEIGHTS);
        return mask;
    }

    private void read(String name, Weights weights, int threads) {
        cases.add(readOf(name, weights, threads));
    }

    private SideBySideCase readOf(String name, Weights weights, int threads) {
        return pass(
                name, weights, threads, () -> (first, n) -> PlainRead.of(slice(weights, first, n)));
    }

    private void sums(
            String name,
            Weights weights,
            int threads,
            PowerSumKernel kernel,
            List<Double> exponents,
            @Nullable ChunkMask mask) {
        add(
                name,
                weights,
                threads,
                () -> {
                    LaneSums lanes = new LaneSums(exponents);
                    return (first, n) -> {
                        WeightChunk chunk =
                                new WeightChunk(weights.dtype(), slice(weights, first, n), mask);
                        lanes.clear();
                        kernel.accumulate(chunk, 0, n, lanes);
                        return lanes.sum(0);
                    };
                });
    }

    private void add(String name, Weights weights, int threads, Supplier<ChunkedPass.Work> work) {
        cases.add(pass(name, weights, threads, work));
    }

    private SideBySideCase pass(
            String name, Weights weights, int threads, Supplier<ChunkedPass.Work> work) {
        return new ChunkedPass(name, weights.bytes().byteSize(), count, threads, pool, work);
    }

    private static MemorySegment slice(Weights weights, int first, int n) {
        int size = weights.dtype().bytes();
        return weights.bytes().asSlice((long) first * size, (long) n * size);
    }

    @Override
    public void close() throws IOException {
        pool.shutdown();
        for (FileSource file : files) {
            file.close();
        }
    }
}
