// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue of what happens when, in milliseconds from 0. Whoever goes to sleep hands the baton to
 * whoever wakes next; time jumps there. Equal times are taken in the order of their entry.
 */
public final class Timeline {

    private static final Duration STUCK = Duration.ofSeconds(60);

    /** What an actor does with its life. */
    public interface Body {
        void run() throws InterruptedException;
    }

    private record Entry(
            long at, long order, @Nullable Actor actor, long ticket, @Nullable Runnable action) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(
                    Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
    private final List<Life> processes = new ArrayList<>();
    private final Semaphore main = new Semaphore(0);
    private BooleanSupplier until = () -> false;
    private long limit;
    private long now;
    private long orders;
    private boolean isDraining;
    private @Nullable Actor running;
    private @Nullable Throwable failure;

    public long now() {
        return now;
    }

    /** The virtual time, from the epoch of Unix on. */
    public Clock clock() {
        InstantSource source = () -> Instant.ofEpochMilli(now);
        return source.withZone(ZoneOffset.UTC);
    }

    /** Does something at a time, which must not sleep. */
    public void at(long millis, Runnable action) {
        entries.add(new Entry(millis, orders++, null, 0, action));
    }

    /** Lets a process do something from now on. */
    public Actor start(Life process, Body body) {
        Actor actor = new Actor(process);
        process.add(actor);
        if (!processes.contains(process)) {
            processes.add(process);
        }
        Thread.ofVirtual().name(process.name()).start(() -> live(actor, body));
        wakeAt(actor, now);
        return actor;
    }

    private void live(Actor actor, Body body) {
        actor.await();
        try {
            if (!actor.process().isDead()) {
                body.run();
            }
        } catch (Killed e) {
            // That is how most lives end here.
        } catch (Throwable e) {
            if (!actor.process().isDead() && failure == null) {
                failure = e;
            }
        } finally {
            actor.end();
            handOver(next());
        }
    }

    /** Lets time pass for whoever runs. */
    public void sleep(long millis) {
        pass(millis, false);
    }

    /** Lets time pass, or less of it if {@link #wake} is called meanwhile. */
    public void idle(long millis) {
        pass(millis, true);
    }

    private void pass(long millis, boolean idle) {
        Actor self = Objects.requireNonNull(running, "nobody runs");
        requireAlive(self);
        self.idle(idle);
        wakeAt(self, now + millis);
        Actor next = next();
        if (next != self) {
            handOver(next);
            self.await();
        }
        running = self;
        self.idle(false);
        requireAlive(self);
    }

    /** Ends the idleness of an actor. */
    public void wake(Actor actor, long at) {
        if (actor.isIdle() && !actor.hasEnded()) {
            wakeAt(actor, Math.max(now, at));
        }
    }

    /** Who runs at this instant. */
    public Actor running() {
        return Objects.requireNonNull(running, "nobody runs");
    }

    private static void requireAlive(Actor actor) {
        if (actor.process().isDead()) {
            throw new Killed();
        }
    }

    /** Nothing of the process happens any more. Who is running in it must not return from here. */
    public void kill(Life process) {
        process.die();
        for (Actor actor : process.actors()) {
            if (actor != running && !actor.hasEnded()) {
                wakeAt(actor, now);
            }
        }
        if (running != null && running.process() == process) {
            throw new Killed();
        }
    }

    /** The process stands still, and does not know it. */
    public void stall(Life process, long millis) {
        process.stallUntil(now + millis);
    }

    private void wakeAt(Actor actor, long millis) {
        entries.add(new Entry(millis, orders++, actor, actor.newTicket(), null));
    }

    private @Nullable Actor next() {
        while (!isDraining && failure == null && !until.getAsBoolean()) {
            Entry entry = entries.poll();
            if (entry == null || entry.at() > limit) {
                return null;
            }
            now = Math.max(now, entry.at());
            Actor actor = entry.actor();
            if (actor == null) {
                act(Objects.requireNonNull(entry.action()));
            } else if (actor.holds(entry.ticket())) {
                if (actor.process().isDead() || actor.process().stalledUntil() <= now) {
                    return actor;
                }
                wakeAt(actor, actor.process().stalledUntil());
            }
        }
        return null;
    }

    private void act(Runnable action) {
        Actor before = running;
        running = null;
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            running = before;
        }
    }

    private void handOver(@Nullable Actor next) {
        running = next;
        if (next == null) {
            main.release();
        } else {
            next.give();
        }
    }

    /**
     * Runs until a condition holds, time is up or nothing is left to happen; then ends every
     * process.
     *
     * @return what went wrong with the simulation itself; null where nothing did
     */
    public @Nullable Throwable run(BooleanSupplier condition, long untilMillis) {
        until = condition;
        limit = untilMillis;
        handOver(next());
        await();
        isDraining = true;
        for (Life process : List.copyOf(processes)) {
            process.die();
            for (Actor actor : List.copyOf(process.actors())) {
                if (!actor.hasEnded()) {
                    handOver(actor);
                    await();
                }
            }
        }
        return failure;
    }

    private void await() {
        try {
            if (!main.tryAcquire(STUCK.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "an actor of %s waits for something outside of the simulation"
                                .formatted(running == null ? "nobody" : running.process()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
