// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.simulation.schedule.Life;
import java.util.HashMap;
import java.util.Map;

/** What is remembered for the checks alone; no process sees it. */
public final class Ledger {

    private final Map<String, String> writers = new HashMap<>();
    private long batches;

    void written(ObjectKey key, Life by, long step) {
        writers.putIfAbsent(key.value(), "written by %s at step %d".formatted(by, step));
    }

    void trained() {
        batches++;
    }

    /** Who wrote an object. */
    public String writer(String key) {
        return writers.getOrDefault(key, "written by nobody");
    }

    /** How many batches were trained, all runs together. */
    public long batches() {
        return batches;
    }
}
