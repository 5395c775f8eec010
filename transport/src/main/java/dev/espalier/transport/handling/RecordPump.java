// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link RecordProcessor} for many records. Records of one key (one run) are handled one
 * after the other, in the order in which they were taken; records of different keys at the same
 * time, as far as there are {@link WorkPermits}. A record that waits delays no other key.
 *
 * <p>The executor is a parameter, so that a simulation can run each line of records as an actor.
 */
public final class RecordPump {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecordPump.class);

    private final RecordProcessor processor;
    private final WorkPermits permits;
    private final Executor executor;

    private final Object lock = new Object();
    private final Map<String, Deque<Task>> lines = new HashMap<>();
    private final Set<String> linesAtWork = new HashSet<>();
    private final Set<Thread> workers = new HashSet<>();
    private final WaitingRoom<Task> room;
    private final Backlog backlog;
    private long wakes;
    private boolean isStopping;

    /**
     * @param executor runs one task per key with records; must not run it on the caller's thread
     */
    public RecordPump(
            RecordProcessor processor, WorkPermits permits, PumpLimits limits, Executor executor) {
        this.processor = processor;
        this.permits = permits;
        this.backlog = new Backlog(limits);
        this.executor = executor;
        this.room = new WaitingRoom<>(limits, Task::bytes, permits);
    }

    /** A pump on virtual threads with a name, and with the default limits. */
    public static RecordPump named(String name, RecordProcessor processor, WorkPermits permits) {
        Thread.Builder threads = Thread.ofVirtual().name(name + "-", 0);
        return new RecordPump(processor, permits, PumpLimits.DEFAULT, threads::start);
    }

    /**
     * Takes a record.
     *
     * @return what becomes of it: acknowledged, dead-lettered (and written), or left
     */
    public CompletionStage<Outcome> take(ConsumerRecord<String, byte[]> record) {
        var task = new Task(record);
        synchronized (lock) {
            if (!isStopping) {
                enqueue(task, false);
                return task.outcome();
            }
        }
        task.outcome().complete(Outcome.leave());
        return task.outcome();
    }

    /**
     * Takes a record, and acknowledges it when it is settled. This is the shell of a consumer whose
     * framework waits for the result before it delivers the next record.
     *
     * @return completed as soon as there is room for another record
     */
    public CompletionStage<Void> take(
            ConsumerRecord<String, byte[]> record,
            Supplier<? extends CompletionStage<Void>> acknowledge) {
        var _ =
                take(record)
                        .thenCompose(
                                outcome ->
                                        outcome.isSettled()
                                                ? acknowledge.get()
                                                : CompletableFuture.completedStage(null))
                        .exceptionally(
                                e -> {
                                    LOGGER.warn("A record cannot be acknowledged", e);
                                    return null;
                                });
        synchronized (lock) {
            return isStopping ? CompletableFuture.completedFuture(null) : backlog.room();
        }
    }

    /** Handles the parked records of a key again. */
    public void wake(String key) {
        synchronized (lock) {
            wakes++;
            requeue(room.release(key));
        }
    }

    /** Handles parked records whose time is over a last time. To be called every second or so. */
    public void tick() {
        synchronized (lock) {
            room.expired()
                    .values()
                    .forEach(tasks -> requeue(tasks.stream().map(Task::last).toList()));
        }
    }

    /** Returns the number of records that were taken and are neither settled nor parked. */
    public int queued() {
        synchronized (lock) {
            return backlog.records();
        }
    }

    /** Returns the number of keys with parked records. */
    public int parkedKeys() {
        synchronized (lock) {
            return room.keys();
        }
    }

    /**
     * Stops. Queued and parked records are left; records at work are interrupted and left, unless
     * they end meanwhile.
     *
     * @param atMost how long to wait for the records at work
     */
    public void stop(Duration atMost) {
        List<Task> left = new ArrayList<>();
        List<CompletableFuture<Void>> waiting;
        synchronized (lock) {
            isStopping = true;
            processor.stop();
            lines.values().forEach(left::addAll);
            lines.values().forEach(Deque::clear);
            left.addAll(room.clear());
            waiting = backlog.release();
            workers.forEach(Thread::interrupt);
        }
        left.forEach(task -> task.outcome().complete(Outcome.leave()));
        waiting.forEach(room -> room.complete(null));
        awaitWorkers(atMost);
    }

    private void awaitWorkers(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            try {
                while (!workers.isEmpty()) {
                    long millis = (end - System.nanoTime()) / 1_000_000;
                    if (millis <= 0) {
                        LOGGER.warn("{} records at work did not end in time", workers.size());
                        return;
                    }
                    lock.wait(millis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Guarded by the lock. */
    private void enqueue(Task task, boolean first) {
        Deque<Task> line = lines.computeIfAbsent(task.line(), key -> new ArrayDeque<>());
        if (first) {
            line.addFirst(task);
        } else {
            line.addLast(task);
        }
        backlog.add(task);
        if (linesAtWork.add(task.line())) {
            executor.execute(() -> work(task.line()));
        }
    }

    /** Guarded by the lock. The records were taken before all others of their key. */
    private void requeue(List<Task> tasks) {
        tasks.reversed().forEach(task -> enqueue(task, true));
    }

    private void work(String key) {
        synchronized (lock) {
            workers.add(Thread.currentThread());
        }
        try {
            for (Task task = next(key); task != null; task = next(key)) {
                handle(task);
            }
        } finally {
            synchronized (lock) {
                workers.remove(Thread.currentThread());
                lock.notifyAll();
            }
        }
    }

    private @Nullable Task next(String key) {
        synchronized (lock) {
            Deque<Task> line = lines.get(key);
            @Nullable Task task = line == null ? null : line.pollFirst();
            if (task == null) {
                lines.remove(key);
                linesAtWork.remove(key);
            }
            return task;
        }
    }

    private void handle(Task task) {
        long wakesBefore;
        synchronized (lock) {
            wakesBefore = wakes;
        }
        Outcome outcome = process(task);
        if (outcome instanceof Outcome.Park park) {
            outcome = park(task, park, wakesBefore);
        }
        List<CompletableFuture<Void>> hasRoomNow;
        synchronized (lock) {
            hasRoomNow = backlog.remove(task);
        }
        if (outcome.isSettled() || outcome instanceof Outcome.Leave) {
            task.outcome().complete(outcome);
        }
        hasRoomNow.forEach(room -> room.complete(null));
    }

    private Outcome process(Task task) {
        try {
            return permits.run(
                    () ->
                            task.isLast()
                                    ? processor.processLast(task.record())
                                    : processor.process(task.record()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.leave();
        } catch (RuntimeException e) {
            LOGGER.error("The processor itself failed; the record is left", e);
            return Outcome.leave();
        }
    }

    /** Parks a record, or returns what else becomes of it. */
    private Outcome park(Task task, Outcome.Park park, long wakesBefore) {
        Optional<Task> replaced = Optional.empty();
        boolean isParked;
        synchronized (lock) {
            if (isStopping) {
                return Outcome.leave();
            }
            if (wakes != wakesBefore) {
                // What it waits for may have come while it was handled.
                enqueue(task, true);
                return park;
            }
            isParked = room.hasRoom(task.line(), park.place(), task);
            if (isParked) {
                replaced = room.park(task.line(), park.place(), task);
            }
        }
        if (!isParked) {
            return processor.refuse(task.record(), park.afterwards());
        }
        replaced.ifPresent(earlier -> earlier.outcome().complete(Outcome.acknowledge()));
        return park;
    }
}
