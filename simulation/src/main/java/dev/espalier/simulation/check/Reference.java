// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.check;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.run.ReportedState;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run comes to that nothing disturbs.
 *
 * @param objects its digests by key
 * @param reason of the last state
 * @param batches that were trained
 */
public record Reference(
        SortedMap<String, Sha256> objects,
        ReportedState state,
        @Nullable Reason reason,
        long batches) {

    public Reference {
        objects = new TreeMap<>(objects);
    }
}
