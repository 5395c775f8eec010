// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import java.time.Duration;

/**
 * How long to wait for a store that is away.
 *
 * @param first pause; each further one is twice as long
 * @param longest pause
 * @param inAll after this time the store is given up
 */
public record Patience(Duration first, Duration longest, Duration inAll) {

    public Patience {
        if (!first.isPositive() || longest.compareTo(first) < 0 || inAll.isNegative()) {
            throw new IllegalArgumentException(
                    "the first pause is %s, the longest %s, all together %s: they do not fit together"
                            .formatted(first, longest, inAll));
        }
    }

    /**
     * The pause after some failed attempts.
     *
     * @param failures 1 or more
     */
    public Duration pause(int failures) {
        Duration pause = first.multipliedBy(1L << Math.min(30, failures - 1));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
