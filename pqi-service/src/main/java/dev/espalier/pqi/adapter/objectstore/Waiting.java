// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.objectstore;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The pauses of {@link PatientStore}: seen by readiness, ended by a shutdown. */
public class Waiting {

    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Waits.
     *
     * @return false where there is no point in going on: the service stops
     */
    protected boolean pause(Duration time, String why) {
        reason.set(why);
        try {
            return !ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The store has answered. */
    void over() {
        reason.set(null);
    }

    /** Wakes whoever waits, for good. */
    void end() {
        ended.countDown();
    }

    /** Why the store is being waited for; empty where it is not. */
    Optional<String> reason() {
        return Optional.ofNullable(reason.get());
    }
}
