// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is, in epochs, and how long the rest will take at the pace since it was last taken
 * up. The pace includes waiting for decisions and for other runs.
 */
public final class Progress {

    private final int epochsPerIteration;
    private final @Nullable Integer iterations;
    private double done;
    private double doneAtStart;
    private Instant start;

    /**
     * @param iterations N, so that N + 1 trainings take place; null when not known
     * @param epochsDone before {@code now}
     */
    public Progress(
            int epochsPerIteration, @Nullable Integer iterations, long epochsDone, Instant now) {
        this.epochsPerIteration = epochsPerIteration;
        this.iterations = iterations;
        this.done = epochsDone;
        this.doneAtStart = epochsDone;
        this.start = now;
    }

    public @Nullable Integer iterations() {
        return iterations;
    }

    /** {@code epochs} of {@code iteration} are done, the last of them perhaps in part. */
    public void reached(int iteration, double epochs) {
        done = (double) iteration * epochsPerIteration + epochs;
    }

    /** Measures the pace anew, after a pause. */
    public void restart(Instant now) {
        doneAtStart = done;
        start = now;
    }

    /** From 0 to 1; 0 while the number of iterations is not known. */
    public double ratio() {
        long all = total();
        return all == 0 ? 0 : Math.min(1, done / all);
    }

    /** Time left; empty where nothing can be said yet. */
    public Optional<Duration> remaining(Instant now) {
        double sinceStart = done - doneAtStart;
        if (total() == 0 || sinceStart <= 0) {
            return Optional.empty();
        }
        double secondsPerEpoch = Duration.between(start, now).toMillis() / 1000.0 / sinceStart;
        double seconds = secondsPerEpoch * Math.max(0, total() - done);
        return Optional.of(Duration.ofMillis(Math.round(1000 * seconds)));
    }

    private long total() {
        return iterations == null ? 0 : (iterations + 1L) * epochsPerIteration;
    }
}
