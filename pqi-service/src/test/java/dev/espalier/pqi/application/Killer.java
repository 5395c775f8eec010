// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import java.io.Serial;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends a process once, at one of the steps that others can see: before or after each of them. */
public final class Killer {

    static final class Killed extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;
    }

    private final AtomicInteger left;

    /**
     * @param step to be killed at; never, where it is below 0
     */
    public Killer(int step) {
        this.left = new AtomicInteger(step);
    }

    public boolean hasKilled() {
        return left.get() < 0;
    }

    void step() {
        if (left.getAndDecrement() == 0) {
            throw new Killed();
        }
    }
}
