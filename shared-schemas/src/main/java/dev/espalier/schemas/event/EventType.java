// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import dev.espalier.schemas.Topic;
import java.util.Arrays;
import java.util.Optional;

/** Every type of event, with its topic, its record and its schema. */
public enum EventType {
    RUN_REQUESTED("run.requested.v1", Topic.RUNS, RunRequested.class),
    RUN_STATUS("run.status.v1", Topic.RUN_STATUS, RunStatus.class),
    RUN_CONDITION("run.condition.v1", Topic.RUN_CONDITIONS, RunCondition.class),
    EPOCH_COMPLETED("epoch.completed.v1", Topic.PROGRESS, EpochCompleted.class),
    SNAPSHOT_PUBLISHED("snapshot.published.v1", Topic.SNAPSHOTS, SnapshotPublished.class),
    RANGE_REQUESTED("range.requested.v1", Topic.RANGES, RangeRequested.class),
    COMPRESSIBILITY_MEASURED(
            "compressibility.measured.v1", Topic.MEASUREMENTS, CompressibilityMeasured.class),
    MEASUREMENT_FAILED("measurement.failed.v1", Topic.MEASUREMENTS, MeasurementFailed.class),
    POLICY_SELECTED("policy.selected.v1", Topic.POLICIES, PolicySelected.class),
    POLICY_STATUS("policy.status.v1", Topic.POLICY_STATUS, PolicyStatus.class),
    PRUNING_DECIDED("pruning.decided.v1", Topic.DECISIONS, PruningDecided.class);

    private static final String PREFIX = "dev.espalier.";

    private final String shortName;
    private final Topic topic;
    private final Class<? extends Event> record;

    EventType(String shortName, Topic topic, Class<? extends Event> record) {
        this.shortName = shortName;
        this.topic = topic;
        this.record = record;
    }

    /** The CloudEvents type. */
    public String typeName() {
        return PREFIX + shortName;
    }

    public Topic topic() {
        return topic;
    }

    public Class<? extends Event> record() {
        return record;
    }

    /** The JSON Schema of the data, a resource of this module. */
    public String schemaResource() {
        return "/schemas/" + shortName + ".schema.json";
    }

    public static Optional<EventType> named(String typeName) {
        return Arrays.stream(values()).filter(t -> t.typeName().equals(typeName)).findFirst();
    }
}
