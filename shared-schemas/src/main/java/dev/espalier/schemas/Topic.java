// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The topics of the loop. All but the ranges are keyed by run id, so that all events of a run are
 * ordered in one partition; all have the same number of partitions, dead-letter topics included.
 */
public enum Topic {
    /** The specification and the desired state of each run. */
    RUNS("espalier.runs", Cleanup.COMPACT),
    /** The last reported state of each run. */
    RUN_STATUS("espalier.run-status", Cleanup.COMPACT),
    /**
     * What the controller knows of a run in addition to its status: held up, or stopped
     * unconfirmed.
     */
    RUN_CONDITIONS("espalier.run-conditions", Cleanup.COMPACT),
    /** One event per epoch. */
    PROGRESS("espalier.progress", Cleanup.DELETE),
    /** One event per iteration, when its weights are in the store. */
    SNAPSHOTS("espalier.snapshots", Cleanup.DELETE),
    /** The ranges of large snapshots, each for the replica that takes it; each has its own key. */
    RANGES("espalier.ranges", Cleanup.DELETE),
    /** How compressible each snapshot is, or why it could not be measured. */
    MEASUREMENTS("espalier.measurements", Cleanup.DELETE),
    /** Policies in force, keyed by run id or {@code default}. */
    POLICIES("espalier.policies", Cleanup.COMPACT),
    /** Whether the last policy of each target was accepted. */
    POLICY_STATUS("espalier.policy-status", Cleanup.COMPACT),
    /** One decision per run and iteration. */
    DECISIONS("espalier.decisions", Cleanup.DELETE);

    /** How a broker removes old records of a topic. */
    public enum Cleanup {
        COMPACT,
        DELETE
    }

    /** The greatest size of an event, with its key and headers, in bytes. */
    public static final int MAX_EVENT_BYTES = 1 << 20;

    /** The greatest size of a dead-letter record: an event and the headers with the reason. */
    public static final int MAX_DEAD_LETTER_BYTES = MAX_EVENT_BYTES + (64 << 10);

    private static final Duration FACTS = Duration.ofDays(30);
    private static final Duration LONG = Duration.ofDays(365);

    private final String topicName;
    private final Cleanup cleanup;

    Topic(String topicName, Cleanup cleanup) {
        this.topicName = topicName;
        this.cleanup = cleanup;
    }

    public String topicName() {
        return topicName;
    }

    public Cleanup cleanup() {
        return cleanup;
    }

    /** The topic of records that could not be processed; their headers have the reason. */
    public String deadLetterName() {
        return topicName + ".dlq";
    }

    /**
     * The settings a broker needs for the topic itself. A refused policy must not remove the one
     * before it, which stays in force: policies are compacted late.
     */
    public Map<String, String> brokerConfig() {
        Map<String, String> config =
                switch (cleanup) {
                    case COMPACT -> compacted();
                    case DELETE -> retained(this == DECISIONS ? LONG : FACTS);
                };
        return limited(config, MAX_EVENT_BYTES);
    }

    /** The settings a broker needs for the dead-letter topic. */
    public Map<String, String> deadLetterBrokerConfig() {
        return limited(retained(LONG), MAX_DEAD_LETTER_BYTES);
    }

    private Map<String, String> compacted() {
        return this == POLICIES
                ? Map.of(
                        "cleanup.policy",
                        "compact",
                        "min.compaction.lag.ms",
                        Long.toString(LONG.toMillis()))
                : Map.of("cleanup.policy", "compact");
    }

    private static Map<String, String> limited(Map<String, String> config, int bytes) {
        Map<String, String> limited = new HashMap<>(config);
        limited.put("max.message.bytes", Integer.toString(bytes));
        return Map.copyOf(limited);
    }

    private static Map<String, String> retained(Duration time) {
        return Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(time.toMillis()));
    }
}
