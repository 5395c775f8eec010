// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import java.time.Duration;

/**
 * How long to wait before a service is started again: 1 s, and twice as long after each life that
 * was short, up to 30 s.
 */
final class Backoff {

    static final Duration LONG_LIFE = Duration.ofMinutes(1);

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Duration next = FIRST;

    /**
     * @param life of the process that has just ended
     */
    Duration afterLifeOf(Duration life) {
        if (life.compareTo(LONG_LIFE) >= 0) {
            next = FIRST;
        }
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return wait;
    }
}
