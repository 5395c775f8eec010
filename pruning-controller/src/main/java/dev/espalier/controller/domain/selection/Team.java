// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Threads with their own buffers. The caller is one of them. */
final class Team implements AutoCloseable {

    /** One of many, in any order, on any thread. */
    interface Task {
        void run(int i, ThreadBuffers buffers) throws IOException;
    }

    private record Failure(int task, Exception cause) {}

    private final boolean inPlace;
    private final List<ThreadBuffers> perThread;
    private final ExecutorService others;

    /**
     * @param inPlace whether reading here and there costs nothing
     */
    Team(boolean inPlace, List<ThreadBuffers> perThread) {
        this.inPlace = inPlace;
        this.perThread = List.copyOf(perThread);
        this.others =
                Executors.newFixedThreadPool(
                        Math.max(1, perThread.size() - 1),
                        Thread.ofPlatform().daemon().name("selection-", 0).factory());
    }

    boolean inPlace() {
        return inPlace;
    }

    List<ThreadBuffers> perThread() {
        return perThread;
    }

    /**
     * Tasks begin in their order, and the failure of the first that fails is thrown: those before
     * it had begun, and are waited for. So the message is the same on any number of threads.
     */
    void each(int tasks, Task task) throws IOException {
        var next = new AtomicInteger();
        var failure = new AtomicReference<Failure>(new Failure(tasks, new IOException()));
        List<Future<?>> helpers = new ArrayList<>();
        for (ThreadBuffers buffers :
                perThread.subList(1, Math.max(1, Math.min(tasks, perThread.size())))) {
            helpers.add(others.submit(() -> work(tasks, task, buffers, next, failure)));
        }
        work(tasks, task, perThread.getFirst(), next, failure);
        helpers.forEach(Team::await);
        if (failure.get().task() < tasks) {
            switch (failure.get().cause()) {
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Exception e -> throw new IllegalStateException(e);
            }
        }
    }

    private static void work(
            int tasks,
            Task task,
            ThreadBuffers buffers,
            AtomicInteger next,
            AtomicReference<Failure> failure) {
        for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
            try {
                task.run(i, buffers);
            } catch (IOException | RuntimeException e) {
                next.set(tasks);
                var mine = new Failure(i, e);
                failure.accumulateAndGet(mine, (a, b) -> a.task() <= b.task() ? a : b);
            }
        }
    }

    private static void await(Future<?> helper) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    helper.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true; // what it writes to must not go away under it
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
