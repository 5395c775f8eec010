// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.pqi.domain.gini.MagnitudeCounter;
import dev.espalier.pqi.domain.kernel.ChunkMask;
import dev.espalier.pqi.domain.kernel.LaneSums;
import dev.espalier.pqi.domain.kernel.PowerSumKernel;
import dev.espalier.pqi.domain.kernel.WeightChunk;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One pass over consecutive chunks, by several threads: they take turns to read, ascending, and sum
 * side by side. Where several chunks cannot be summed, the first of them is reported, as if there
 * were one thread.
 */
final class ChunkPass {

    private static final int ALIGNMENT = 64;

    private final ByteSource weights;
    private final Mask mask;
    private final SnapshotLayout layout;
    private final SnapshotSums sums;
    private final PowerSumKernel kernel;
    private final long end;
    private final ReentrantLock turn = new ReentrantLock();

    // Guarded by the turn.
    private long next;
    private long failedChunk = Long.MAX_VALUE;
    private @Nullable Throwable failure;

    ChunkPass(
            ByteSource weights,
            Mask mask,
            SnapshotLayout layout,
            SnapshotSums sums,
            PowerSumKernel kernel,
            long from,
            long end) {
        this.weights = weights;
        this.mask = mask;
        this.layout = layout;
        this.sums = sums;
        this.kernel = kernel;
        this.next = from;
        this.end = end;
    }

    void run(int threads) throws IOException {
        Thread[] helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = Thread.ofPlatform().daemon().name("power-sums-" + i).start(this::work);
        }
        work();
        for (Thread helper : helpers) {
            await(helper);
        }
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("summing failed", failure);
        }
    }

    /** A helper ends with its chunk, so an interruption can wait. */
    private static void await(Thread helper) {
        boolean interrupted = false;
        while (true) {
            try {
                helper.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(layout.largestChunk(), ALIGNMENT);
            LaneSums lanes = new LaneSums(layout.exponents());
            ChunkMask bits = new ChunkMask();
            @Nullable MagnitudeCounter counter = layout.gini() ? new MagnitudeCounter() : null;
            while (true) {
                SnapshotLayout.@Nullable Chunk chunk = read(buffer);
                if (chunk == null) {
                    return;
                }
                add(chunk, buffer, bits, lanes, counter);
            }
        } catch (RuntimeException | Error e) {
            fail(-1, e);
        }
    }

    /** Takes the next chunk and reads it, or says that there is nothing more to do. */
    private SnapshotLayout.@Nullable Chunk read(MemorySegment buffer) {
        turn.lock();
        try {
            if (failure != null || next == end) {
                return null;
            }
            SnapshotLayout.Chunk chunk = layout.chunk(next);
            long number = next++;
            try {
                weights.read(chunk.offset(), bytes(chunk, buffer));
                return chunk;
            } catch (IOException | RuntimeException e) {
                fail(number, e);
                return null;
            }
        } finally {
            turn.unlock();
        }
    }

    private MemorySegment bytes(SnapshotLayout.Chunk chunk, MemorySegment buffer) {
        TensorInfo tensor = layout.tensors().get(chunk.tensor());
        return buffer.asSlice(0, (long) chunk.count() * tensor.dtype().bytes());
    }

    private void add(
            SnapshotLayout.Chunk chunk,
            MemorySegment buffer,
            ChunkMask bits,
            LaneSums lanes,
            @Nullable MagnitudeCounter counter) {
        TensorInfo tensor = layout.tensors().get(chunk.tensor());
        MaskTensor pruned = mask.tensor(tensor.name());
        if (pruned != null) {
            bits.load(pruned, chunk.first(), chunk.count());
        }
        WeightChunk weightChunk =
                new WeightChunk(tensor.dtype(), bytes(chunk, buffer), pruned == null ? null : bits);
        try {
            TensorSums target = sums.tensor(chunk.tensor());
            target.add(chunk.first(), chunk.count(), weightChunk, kernel, lanes);
            if (counter != null) {
                counter.count(weightChunk, chunk.count());
                target.add(counter.take());
            }
        } catch (RuntimeException e) {
            fail(layout.firstChunk(chunk.tensor()) + chunk.first() / WeightChunk.MOST_WEIGHTS, e);
        }
    }

    private void fail(long chunk, Throwable e) {
        turn.lock();
        try {
            if (chunk < failedChunk) {
                failedChunk = chunk;
                failure = e;
            }
        } finally {
            turn.unlock();
        }
    }
}
