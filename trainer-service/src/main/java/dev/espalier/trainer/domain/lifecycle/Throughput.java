// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many images a second training takes, from one look at its count to the next. */
public final class Throughput {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    private Instant since;
    private long counted;
    private @Nullable Double rate;

    public Throughput(Instant now) {
        this.since = now;
    }

    /** Training begins at this count, or goes on from it; the time before it does not count. */
    public void restart(Instant now, long images) {
        since = now;
        counted = images;
    }

    /** Looks again; too soon after the last time, the rate of before stays. */
    public void look(Instant now, long images) {
        Duration passed = Duration.between(since, now);
        if (passed.compareTo(SHORTEST) >= 0 && images >= counted) {
            rate = perSecond(images - counted, passed);
            restart(now, images);
        }
    }

    /** Empty before the first look. */
    public Optional<Double> latest() {
        return Optional.ofNullable(rate);
    }

    /** With one decimal; 0 where no time has passed. */
    public static double perSecond(long images, Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        return seconds > 0 ? Math.round(10 * images / seconds) / 10.0 : 0;
    }
}
