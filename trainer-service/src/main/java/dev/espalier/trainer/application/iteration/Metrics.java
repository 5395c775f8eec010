// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.iteration;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.trainer.domain.training.EpochResult;
import dev.espalier.trainer.domain.training.Score;
import java.util.ArrayList;
import java.util.List;

/** Results under the names of the contract; a number that is not finite is left out. */
public final class Metrics {

    private Metrics() {}

    /** What is known after an epoch. */
    public static List<Metric> ofEpoch(EpochResult result) {
        List<Metric> metrics = new ArrayList<>();
        add(metrics, "accuracy", "test", result.test().accuracy());
        add(metrics, "loss", "test", result.test().loss());
        add(metrics, "accuracy", "validation", result.validation().accuracy());
        add(metrics, "loss", "validation", result.validation().loss());
        add(metrics, "loss", "train", result.trainLoss());
        return metrics;
    }

    /**
     * What is known after an iteration.
     *
     * @param pruned of the weights of the one before under its mask, without training
     */
    static List<Metric> ofIteration(EpochResult last, Score pruned, boolean isDiverged) {
        List<Metric> metrics = ofEpoch(last);
        if (isDiverged) {
            add(metrics, SnapshotPublished.DIVERGED, "train", 1);
        }
        add(metrics, "accuracy-pruned", "test", pruned.accuracy());
        add(metrics, "loss-pruned", "test", pruned.loss());
        return metrics;
    }

    private static void add(List<Metric> metrics, String name, String split, double value) {
        if (Double.isFinite(value)) {
            metrics.add(new Metric(name, split, value));
        }
    }
}
