// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import dev.espalier.transport.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Holds parked records: per key one record per place, at most a number of keys and of places per
 * key. The time runs from the arrival of the first record of a key; later records do not renew it.
 * Not safe for use by several threads; the {@link RecordPump} guards it.
 *
 * @param <T> what stands for a parked record
 */
final class WaitingRoom<T> {

    private final PumpLimits limits;
    private final ToLongFunction<T> sizeOf;
    private final Time time;
    private final Map<String, Waiting<T>> byKey = new LinkedHashMap<>();

    private record Waiting<T>(Duration since, Map<String, T> places) {}

    WaitingRoom(PumpLimits limits, ToLongFunction<T> sizeOf, Time time) {
        this.limits = limits;
        this.sizeOf = sizeOf;
        this.time = time;
    }

    /** True if a record may wait. */
    boolean hasRoom(String key, String place, T record) {
        Waiting<T> waiting = byKey.get(key);
        boolean hasPlace =
                waiting == null
                        ? byKey.size() < limits.parkedKeys()
                        : waiting.places().containsKey(place)
                                || waiting.places().size() < limits.parkedPerKey();
        return hasPlace && bytes() + sizeOf.applyAsLong(record) <= limits.bytes();
    }

    private long bytes() {
        return byKey.values().stream()
                .flatMap(waiting -> waiting.places().values().stream())
                .mapToLong(sizeOf)
                .sum();
    }

    /** Parks a record, and returns the record whose place it takes. */
    Optional<T> park(String key, String place, T record) {
        return Optional.ofNullable(
                byKey.computeIfAbsent(
                                key, k -> new Waiting<>(time.elapsed(), new LinkedHashMap<>()))
                        .places()
                        .put(place, record));
    }

    /** Takes out the records of a key, in the order of their places. */
    List<T> release(String key) {
        Waiting<T> waiting = byKey.remove(key);
        return waiting == null ? List.of() : List.copyOf(waiting.places().values());
    }

    /** Takes out the records whose time is over. */
    Map<String, List<T>> expired() {
        Map<String, List<T>> expired = new LinkedHashMap<>();
        Duration now = time.elapsed();
        for (String key : List.copyOf(byKey.keySet())) {
            Waiting<T> waiting = byKey.get(key);
            if (waiting != null
                    && now.minus(waiting.since()).compareTo(limits.parkedAtMost()) >= 0) {
                expired.put(key, release(key));
            }
        }
        return expired;
    }

    /** Takes out all records. */
    List<T> clear() {
        List<T> all = new ArrayList<>();
        byKey.values().forEach(waiting -> all.addAll(waiting.places().values()));
        byKey.clear();
        return all;
    }

    int keys() {
        return byKey.size();
    }
}
