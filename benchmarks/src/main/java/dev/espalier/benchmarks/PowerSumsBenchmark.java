// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.pqi.domain.kernel.ChunkMask;
import dev.espalier.pqi.domain.kernel.KernelChoice;
import dev.espalier.pqi.domain.kernel.KernelChoice.Preference;
import dev.espalier.pqi.domain.kernel.LaneSums;
import dev.espalier.pqi.domain.kernel.PowerSumKernel;
import dev.espalier.pqi.domain.kernel.WeightChunk;
import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a kernel itself takes, for those who change one: nanoseconds for 16 weights that are in the
 * cache. Several processes, since what the compiler makes of a loop may differ from one to the
 * next.
 */
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class PowerSumsBenchmark {

    private static final int WEIGHTS = 1 << 14;

    @Param({"VECTOR", "SCALAR"})
    public Preference kernel = Preference.VECTOR;

    @Param({"F32", "BF16"})
    public DType type = DType.F32;

    @Param({"pairs", "grid"})
    public String exponents = "pairs";

    @Param({"false", "true"})
    public boolean masked = false;

    private PowerSumKernel sums;
    private LaneSums lanes;
    private WeightChunk chunk;

    @Setup(Level.Trial)
    public void prepare() {
        sums = KernelChoice.of(kernel).kernel();
        lanes = new LaneSums(exponents.equals("pairs") ? SideBySide.PAIRS : SideBySide.GRID);
        ChunkMask mask = masked ? SideBySide.mask() : null;
        Weights weights = Weights.outsideTheHeap(type, WEIGHTS, Arena.global());
        chunk = new WeightChunk(type, weights.bytes(), mask);
    }

    @Benchmark
    @OperationsPerInvocation(WEIGHTS / LaneSums.LANES)
    public double sixteenWeights() {
        lanes.clear();
        sums.accumulate(chunk, 0, WEIGHTS, lanes);
        return lanes.sum(0);
    }
}
