// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.pqi.domain.kernel.WeightChunk;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A pass over chunks by some threads, that take them as they come.
 *
 * @param threads they wait in the pool
 * @param work for each thread one of its own
 */
record ChunkedPass(
        String name,
        long bytes,
        int weights,
        int threads,
        ExecutorService pool,
        Supplier<Work> work)
        implements SideBySideCase {

    /** What is done with a chunk. */
    interface Work {
        double chunk(int first, int count);
    }

    @Override
    public double run() {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        double check;
        if (threads == 1) {
            check = share(next);
        } else {
            Future<Double> other = pool.submit(() -> share(next));
            check = share(next);
            try {
                check += other.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(name + " did not finish", e);
            }
        }
        double milliseconds = (System.nanoTime() - start) / 1e6;
        if (Double.isNaN(check)) {
            throw new IllegalStateException(name + " came to NaN");
        }
        return milliseconds;
    }

    private double share(AtomicInteger next) {
        Work mine = work.get();
        double check = 0;
        while (true) {
            long first = (long) next.getAndIncrement() * WeightChunk.MOST_WEIGHTS;
            if (first >= weights) {
                return check;
            }
            check +=
                    mine.chunk(
                            (int) first, (int) Math.min(WeightChunk.MOST_WEIGHTS, weights - first));
        }
    }
}
