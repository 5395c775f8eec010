// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.RunId;
import org.jspecify.annotations.Nullable;

/**
 * Asks one replica of pqi-service to measure a part of a large snapshot. Each event has its own
 * key, so that the parts spread over all partitions.
 *
 * @param range from 0 to ranges − 1; absent if the event asks for the digests of the whole file and
 *     of each range instead of sums
 * @param ranges that the snapshot is cut into
 * @param rangeBytes how it is cut: each range is the fewest chunks that have as many bytes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RangeRequested(
        RunId runId,
        int iteration,
        SnapshotPublished snapshot,
        @Nullable Integer range,
        int ranges,
        long rangeBytes)
        implements IterationEvent {

    public RangeRequested {
        IterationEvent.requireValid(iteration);
        boolean outside = range != null && (range < 0 || range >= ranges);
        if (ranges < 1 || rangeBytes < 1 || outside) {
            throw new IllegalArgumentException(
                    "range %s of %d, of %d bytes each: such a range does not exist"
                            .formatted(range, ranges, rangeBytes));
        }
        if (!snapshot.runId().equals(runId) || snapshot.iteration() != iteration) {
            throw new IllegalArgumentException(
                    "a range of %s/%d cannot be one of the snapshot %s"
                            .formatted(runId, iteration, snapshot.eventId()));
        }
    }

    /** Whether digests are wanted. */
    @JsonIgnore
    public boolean isDigest() {
        return range == null;
    }

    @Override
    public String kind() {
        return isDigest() ? "digest-of-" + ranges : "range-" + range + "-of-" + ranges;
    }

    @Override
    @JsonIgnore
    public String key() {
        return eventId();
    }
}
