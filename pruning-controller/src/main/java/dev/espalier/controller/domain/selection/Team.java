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

/** Threads with a bench each. The caller is one of them. */
final class Team implements AutoCloseable {

    /** One of many, in any order, on any bench. */
    interface Task {
        void run(int i, Bench bench) throws IOException;
    }

    private record Failure(int task, Exception cause) {}

    private final boolean inPlace;
    private final List<Bench> benches;
    private final ExecutorService others;

    /**
     * @param inPlace whether reading here and there costs nothing
     */
    Team(boolean inPlace, List<Bench> benches) {
        this.inPlace = inPlace;
        this.benches = List.copyOf(benches);
        this.others =
                Executors.newFixedThreadPool(
                        Math.max(1, benches.size() - 1),
                        Thread.ofPlatform().daemon().name("selection-", 0).factory());
    }

    boolean inPlace() {
        return inPlace;
    }

    List<Bench> benches() {
        return benches;
    }

    /**
     * Tasks begin in their order, and the failure of the first that fails is thrown: those before
     * it had begun, and are waited for. So the message is the same on any number of threads.
     */
    void each(int tasks, Task task) throws IOException {
        var next = new AtomicInteger();
        var failure = new AtomicReference<Failure>(new Failure(tasks, new IOException()));
        List<Future<?>> helpers = new ArrayList<>();
        for (Bench bench : benches.subList(1, Math.max(1, Math.min(tasks, benches.size())))) {
            helpers.add(others.submit(() -> work(tasks, task, bench, next, failure)));
        }
        work(tasks, task, benches.getFirst(), next, failure);
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
            Bench bench,
            AtomicInteger next,
            AtomicReference<Failure> failure) {
        for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
            try {
                task.run(i, bench);
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
