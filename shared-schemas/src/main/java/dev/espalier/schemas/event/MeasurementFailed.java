// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;

/**
 * A snapshot that can never be measured, such as one with a NaN in it. Trying again will not help.
 */
public record MeasurementFailed(
        RunId runId, int iteration, SnapshotPublished snapshot, Reason reason)
        implements IterationEvent {

    public MeasurementFailed {
        IterationEvent.requireValid(iteration);
    }

    @Override
    public String kind() {
        return "measurement-failed";
    }
}
