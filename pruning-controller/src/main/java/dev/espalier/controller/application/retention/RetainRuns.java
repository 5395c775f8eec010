// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.retention;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.time.Time;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the iterations between the first and the last of runs that are over. The specification,
 * the initial weights, all decisions, iteration 0 and the last iteration stay, so a run can still
 * be explained and its result used. Runs that are not over keep everything: their rewind and
 * roll-back targets are never touched. Removing twice does no harm.
 */
public final class RetainRuns {

    private static final Logger LOGGER = LoggerFactory.getLogger(RetainRuns.class);
    private static final String DECISION = ObjectKey.decision(new RunId("x"), 0).name();

    private final ObjectStore store;
    private final RetentionLimits limits;
    private final Time time;

    public RetainRuns(ObjectStore store, RetentionLimits limits, Time time) {
        this.store = store;
        this.limits = limits;
        this.time = time;
    }

    /**
     * @param endedAt when the run ended; null if it is not over
     */
    public record KnownRun(RunId run, @Nullable Instant endedAt) {}

    /**
     * Removes what the limits do not allow.
     *
     * @return the bytes that each run takes afterwards
     */
    public Map<RunId, Long> sweep(Collection<KnownRun> runs) {
        Map<RunId, Long> bytes = new LinkedHashMap<>();
        for (KnownRun known : runs) {
            bytes.put(known.run(), bytes(store.sizes(ObjectKey.prefix(known.run()))));
        }
        List<KnownRun> ended =
                runs.stream()
                        .filter(known -> known.endedAt() != null)
                        .sorted(Comparator.comparing(RetainRuns::end))
                        .toList();
        for (KnownRun known : ended) {
            if (isTooOld(end(known)) || isTooMuch(bytes)) {
                bytes.merge(known.run(), remove(known.run()), (all, removed) -> all - removed);
            }
        }
        return bytes;
    }

    private static Instant end(KnownRun known) {
        return known.endedAt() == null ? Instant.MAX : known.endedAt();
    }

    private boolean isTooOld(Instant endedAt) {
        return limits.afterEnd() != null && endedAt.plus(limits.afterEnd()).isBefore(time.now());
    }

    private boolean isTooMuch(Map<RunId, Long> bytes) {
        return limits.bytes() != null
                && bytes.values().stream().mapToLong(Long::longValue).sum() > limits.bytes();
    }

    /** Returns the number of bytes that were removed. */
    private long remove(RunId run) {
        SequencedMap<ObjectKey, Long> objects = store.sizes(ObjectKey.iterationsPrefix(run));
        int last =
                objects.keySet().stream()
                        .mapToInt(key -> key.iteration().orElse(0))
                        .max()
                        .orElse(0);
        long removed = 0;
        for (Map.Entry<ObjectKey, Long> object : objects.entrySet()) {
            int iteration = object.getKey().iteration().orElse(0);
            if (0 < iteration && iteration < last && !object.getKey().name().equals(DECISION)) {
                store.delete(object.getKey());
                removed += object.getValue();
            }
        }
        if (removed > 0) {
            LOGGER.info("Removed the iterations of an ended run: runId={} bytes={}", run, removed);
        }
        return removed;
    }

    private static long bytes(Map<ObjectKey, Long> sizes) {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
