// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** The data of an event. Its CloudEvents id is deterministic: a repeated event has the same id. */
public sealed interface Event permits IterationEvent, PolicySelected, PolicyStatus, RunEvent {

    /** The CloudEvents id, {@code <runId>/<t>/<kind>} where the event belongs to an iteration. */
    @JsonIgnore
    String eventId();

    /**
     * The CloudEvents subject, {@code runs/<runId>/iterations/<t>} for an event of an iteration.
     */
    @JsonIgnore
    String subject();

    /** The key of the Kafka record: the run id, or {@code default} for the default policy. */
    @JsonIgnore
    String key();

    /** The CloudEvents correlation id: what the event is about, which mostly is its key. */
    @JsonIgnore
    default String correlation() {
        return key();
    }

    /** The type whose schema the data obeys. */
    @JsonIgnore
    default EventType type() {
        return switch (this) {
            case RunRequested e -> EventType.RUN_REQUESTED;
            case RunStatus e -> EventType.RUN_STATUS;
            case RunCondition e -> EventType.RUN_CONDITION;
            case EpochCompleted e -> EventType.EPOCH_COMPLETED;
            case SnapshotPublished e -> EventType.SNAPSHOT_PUBLISHED;
            case RangeRequested e -> EventType.RANGE_REQUESTED;
            case CompressibilityMeasured e -> EventType.COMPRESSIBILITY_MEASURED;
            case MeasurementFailed e -> EventType.MEASUREMENT_FAILED;
            case PolicySelected e -> EventType.POLICY_SELECTED;
            case PolicyStatus e -> EventType.POLICY_STATUS;
            case PruningDecided e -> EventType.PRUNING_DECIDED;
        };
    }
}
