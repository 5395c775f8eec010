// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A budget: how much of a metric pruning may cost, and what is done when it costs more.
 *
 * @param metric name of a metric of which more is better
 * @param split the data that it is computed on
 * @param maxDrop the largest difference to the dense model of iteration 0 that is within budget, in
 *     the unit of the metric
 */
public record Guard(String metric, String split, double maxDrop, Action action) {

    /** What is done when the budget is broken. */
    public enum Action {
        /** The run ends. */
        @JsonProperty("stop")
        STOP,
        /** Nothing is pruned until the metric is within budget again. */
        @JsonProperty("hold")
        HOLD,
        /**
         * Back to the last mask within budget; one more try at half the pace; then the run ends.
         */
        @JsonProperty("roll-back")
        ROLL_BACK
    }

    public Guard {
        if (metric.isBlank() || split.isBlank()) {
            throw new IllegalArgumentException(
                    "guard.metric is '%s' and guard.split is '%s': both are names, such as accuracy and test"
                            .formatted(metric, split));
        }
        if (!(maxDrop >= 0 && Double.isFinite(maxDrop))) {
            throw new IllegalArgumentException(
                    "guard.maxDrop is " + maxDrop + ": it is a difference, a number from 0 up");
        }
    }

    @JsonCreator
    static Guard of(
            @JsonProperty("metric") @Nullable String metric,
            @JsonProperty("split") @Nullable String split,
            @JsonProperty(value = "maxDrop", required = true) double maxDrop,
            @JsonProperty("action") @Nullable Action action) {
        return new Guard(
                metric == null ? "accuracy" : metric,
                split == null ? "test" : split,
                maxDrop,
                action == null ? Action.ROLL_BACK : action);
    }
}
