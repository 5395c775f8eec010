// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.event.EpochCompleted;
import java.util.List;

/** One epoch; the fields are those of {@code epoch.completed.v1}. */
public record EpochView(
        int epoch, int epochs, double learningRate, double durationSeconds, List<Metric> metrics) {

    static EpochView of(EpochCompleted event) {
        return new EpochView(
                event.epoch(),
                event.epochs(),
                event.learningRate(),
                event.durationSeconds(),
                event.metrics());
    }
}
