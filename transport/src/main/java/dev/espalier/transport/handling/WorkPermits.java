// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import dev.espalier.transport.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds how many records are worked on at the same time, without counting those that wait. It is a
 * {@link Time}: a thread that pauses gives its permit to another one meanwhile. So a run that waits
 * for an outage of its own takes nothing from other runs. Pass it as the time of the {@link
 * RecordProcessor}, the {@code PatientStore} and the {@code PatientSender} of the pump.
 */
public final class WorkPermits implements Time {

    private static final ScopedValue<WorkPermits> HELD = ScopedValue.newInstance();

    private final Semaphore permits;
    private final Time time;

    public WorkPermits(int permits, Time time) {
        this.permits = new Semaphore(permits, true);
        this.time = time;
    }

    /** Runs work when there is a permit. */
    <T> T run(Supplier<T> work) throws InterruptedException {
        permits.acquire();
        try {
            return ScopedValue.where(HELD, this).call(work::get);
        } finally {
            permits.release();
        }
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public Duration elapsed() {
        return time.elapsed();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        if (HELD.orElse(this) != this || !HELD.isBound()) {
            time.pause(duration);
            return;
        }
        permits.release();
        try {
            time.pause(duration);
        } finally {
            permits.acquireUninterruptibly();
        }
    }
}
