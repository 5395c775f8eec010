// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether this process can decide: the store was proved, the views were read, nothing is away. */
public final class Readiness {

    private static final String STARTING = "the store was not probed, or the topics were not read";

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> outage = new AtomicReference<>();

    /** The store was proved and the views were read. */
    public void open() {
        open.countDown();
    }

    /** Waits for {@link #open()}. */
    public void awaitOpen() throws InterruptedException {
        open.await();
    }

    /** Something that the service needs is away. */
    public void lost(String reason) {
        outage.set(reason);
    }

    /** It is back. */
    public void found() {
        outage.set(null);
    }

    /** Why no decision can be made now; null if one can. */
    public @Nullable String hindrance() {
        return open.getCount() > 0 ? STARTING : outage.get();
    }
}
