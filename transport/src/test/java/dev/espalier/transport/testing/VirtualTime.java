// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.testing;

import dev.espalier.transport.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that only pauses move. */
public final class VirtualTime implements Time {

    private final List<Duration> pauses = new ArrayList<>();
    private Duration elapsed = Duration.ZERO;
    private Runnable onPause = () -> {};

    @Override
    public synchronized Instant now() {
        return Instant.EPOCH.plus(elapsed);
    }

    @Override
    public synchronized Duration elapsed() {
        return elapsed;
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        Runnable hook;
        synchronized (this) {
            pauses.add(duration);
            elapsed = elapsed.plus(duration);
            hook = onPause;
        }
        hook.run();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Runs something at each pause. */
    public synchronized void onPause(Runnable hook) {
        onPause = hook;
    }

    public synchronized void advance(Duration duration) {
        elapsed = elapsed.plus(duration);
    }

    public synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }
}
