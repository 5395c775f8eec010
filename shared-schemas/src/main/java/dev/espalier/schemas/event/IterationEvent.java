// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.espalier.schemas.RunId;

/** An event of one iteration of one run. */
public sealed interface IterationEvent extends Event
        permits CompressibilityMeasured,
                EpochCompleted,
                MeasurementFailed,
                PruningDecided,
                RangeRequested,
                SnapshotPublished {

    RunId runId();

    int iteration();

    /** The last part of the event's id. */
    @JsonIgnore
    String kind();

    @Override
    @JsonIgnore
    default String eventId() {
        return runId() + "/" + iteration() + "/" + kind();
    }

    @Override
    @JsonIgnore
    default String subject() {
        return "runs/" + runId() + "/iterations/" + iteration();
    }

    @Override
    @JsonIgnore
    default String key() {
        return runId().value();
    }

    @Override
    @JsonIgnore
    default String correlation() {
        return runId().value();
    }

    /** Refuses what no object key could hold. */
    static void requireValid(int iteration) {
        if (iteration < 0 || iteration > 999_999) {
            throw new IllegalArgumentException(
                    "iteration is " + iteration + ", outside 0 to 999999");
        }
    }
}
