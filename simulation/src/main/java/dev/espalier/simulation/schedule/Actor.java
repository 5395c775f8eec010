// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

import java.util.concurrent.Semaphore;

/** A thread of a process. It runs while it holds the baton. */
public final class Actor {

    private final Life process;
    private final Semaphore baton = new Semaphore(0);
    private long ticket;
    private boolean isIdle;
    private boolean hasEnded;

    Actor(Life process) {
        this.process = process;
    }

    Life process() {
        return process;
    }

    void give() {
        baton.release();
    }

    void await() {
        baton.acquireUninterruptibly();
    }

    /** Makes every earlier ticket void. */
    long newTicket() {
        return ++ticket;
    }

    boolean holds(long given) {
        return !hasEnded && given == ticket;
    }

    boolean isIdle() {
        return isIdle;
    }

    void idle(boolean idle) {
        isIdle = idle;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    void end() {
        hasEnded = true;
    }
}
