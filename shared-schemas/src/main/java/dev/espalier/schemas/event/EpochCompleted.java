// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.RunId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One epoch of training is over.
 *
 * @param epoch from 1 to epochs
 * @param durationSeconds of the epoch, evaluation included
 * @param imagesPerSecond images trained on in that time; absent where they were not counted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochCompleted(
        RunId runId,
        int iteration,
        int epoch,
        int epochs,
        double learningRate,
        double durationSeconds,
        @Nullable Double imagesPerSecond,
        List<Metric> metrics)
        implements IterationEvent {

    public EpochCompleted {
        IterationEvent.requireValid(iteration);
        metrics = List.copyOf(metrics);
    }

    /** Without throughput. */
    public EpochCompleted(
            RunId runId,
            int iteration,
            int epoch,
            int epochs,
            double learningRate,
            double durationSeconds,
            List<Metric> metrics) {
        this(runId, iteration, epoch, epochs, learningRate, durationSeconds, null, metrics);
    }

    @Override
    public String kind() {
        return "epoch-" + epoch;
    }
}
