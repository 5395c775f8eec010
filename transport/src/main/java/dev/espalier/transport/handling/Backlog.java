// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Counts what a pump has to do, and holds back who brings more. Guarded by the pump's lock. */
final class Backlog {

    private final PumpLimits limits;
    private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private int records;
    private long bytes;

    Backlog(PumpLimits limits) {
        this.limits = limits;
    }

    void add(Task task) {
        records++;
        bytes += task.bytes();
    }

    /** Returns whom to tell that there is room now, outside the lock. */
    List<CompletableFuture<Void>> remove(Task task) {
        records--;
        bytes -= task.bytes();
        return hasRoom() ? release() : List.of();
    }

    List<CompletableFuture<Void>> release() {
        List<CompletableFuture<Void>> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    /** Completed when there is room for another record. */
    CompletionStage<Void> room() {
        if (hasRoom()) {
            return CompletableFuture.completedFuture(null);
        }
        var room = new CompletableFuture<Void>();
        waiting.add(room);
        return room;
    }

    int records() {
        return records;
    }

    private boolean hasRoom() {
        return records < limits.records() && bytes < limits.bytes();
    }
}
