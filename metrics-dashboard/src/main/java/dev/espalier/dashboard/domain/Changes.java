// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.RunId;
import java.util.List;

/**
 * What changed since a revision.
 *
 * @param revision to ask from next time
 * @param runs that changed, the newest first
 * @param removed runs that were deleted
 */
public record Changes(long revision, List<RunRow> runs, List<RunId> removed) {

    /** The revision before everything. */
    public static final long BEGINNING = 0;

    public boolean isEmpty() {
        return runs.isEmpty() && removed.isEmpty();
    }
}
