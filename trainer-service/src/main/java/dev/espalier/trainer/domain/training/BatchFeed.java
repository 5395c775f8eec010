// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.PixelOrder;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Batches, each filled by a second thread while the one before it is worked on. One thread takes;
 * what it took is its own until it takes again.
 */
final class BatchFeed implements AutoCloseable {

    /** Fills a batch with the images from a position on. */
    interface Filling {
        void fill(Batch target, int from);
    }

    private final Batch[] batches;
    private final ExecutorService filler =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread thread = new Thread(task, "batches");
                        thread.setDaemon(true);
                        return thread;
                    });
    private @Nullable Filling filling;
    private @Nullable Future<?> pending;
    private int spare;
    private int next;
    private int end;

    BatchFeed(int capacity, ImageShape shape, PixelOrder order) {
        this.batches =
                new Batch[] {new Batch(capacity, shape, order), new Batch(capacity, shape, order)};
    }

    /** Begins to fill, from a position of a sequence of {@code size} images on. */
    void begin(int from, int size, Filling how) {
        settle();
        filling = how;
        next = from;
        end = size;
        fillSpare();
    }

    /** The next images; there must be some. */
    Batch take() {
        settle();
        Batch taken = batches[spare];
        spare = 1 - spare;
        next += taken.size();
        fillSpare();
        return taken;
    }

    private void fillSpare() {
        if (next < end && filling != null) {
            Filling how = filling;
            Batch target = batches[spare];
            int from = next;
            pending = filler.submit(() -> how.fill(target, from));
        }
    }

    private void settle() {
        Future<?> awaited = pending;
        pending = null;
        boolean wasInterrupted = false;
        try {
            while (awaited != null) {
                try {
                    awaited.get();
                    return;
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("A batch could not be filled", e.getCause());
                }
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        settle();
        filler.shutdown();
        for (Batch batch : batches) {
            batch.close();
        }
    }
}
