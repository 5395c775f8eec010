// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.RunId;
import java.util.List;

/**
 * One epoch of training is over.
 *
 * @param epoch from 1 to epochs
 * @param durationSeconds of the epoch, evaluation included
 */
public record EpochCompleted(
        RunId runId,
        int iteration,
        int epoch,
        int epochs,
        double learningRate,
        double durationSeconds,
        List<Metric> metrics)
        implements IterationEvent {

    public EpochCompleted {
        IterationEvent.requireValid(iteration);
        metrics = List.copyOf(metrics);
    }

    @Override
    public String kind() {
        return "epoch-" + epoch;
    }
}
