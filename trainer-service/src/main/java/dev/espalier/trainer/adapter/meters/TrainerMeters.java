// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.meters;

import dev.espalier.trainer.application.TrainingObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The trainer's meters, as the metrics catalogue names them. */
@Singleton
final class TrainerMeters implements TrainingObserver {

    /** Duration of an epoch, its test included. */
    private static final String EPOCH = "espalier.epoch.duration";

    /** Training images that epochs took. */
    private static final String IMAGES = "espalier.trained.images";

    /** From the loading of the starting weights to the stored checkpoint. */
    private static final String ITERATION = "espalier.iteration.duration";

    /** Writing weights and checkpoint. */
    private static final String CHECKPOINT = "espalier.checkpoint.duration";

    /** Iterations, by how they ended. */
    private static final String ITERATIONS = "espalier.iterations";

    private static final String OUTCOME = "outcome";

    private final MeterRegistry registry;
    private final Timer epochs;
    private final Counter images;
    private final Timer iterations;

    TrainerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.epochs = registry.timer(EPOCH);
        this.images = registry.counter(IMAGES);
        this.iterations = registry.timer(ITERATION);
        registry.counter(ITERATIONS, OUTCOME, outcome(true));
        registry.counter(ITERATIONS, OUTCOME, outcome(false));
    }

    @Override
    public void epochCompleted(Duration duration, long trained) {
        epochs.record(duration);
        images.increment((double) trained);
    }

    @Override
    public void iterationEnded(boolean successful, Duration duration) {
        registry.counter(ITERATIONS, OUTCOME, outcome(successful)).increment();
        iterations.record(duration);
    }

    @Override
    public void checkpointEnded(boolean successful, Duration duration) {
        registry.timer(CHECKPOINT, OUTCOME, outcome(successful)).record(duration);
    }

    private static String outcome(boolean successful) {
        return successful ? "success" : "failure";
    }
}
