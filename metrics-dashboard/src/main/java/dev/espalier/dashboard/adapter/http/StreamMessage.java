// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import dev.espalier.dashboard.domain.Changes;
import dev.espalier.dashboard.domain.RunRow;
import dev.espalier.schemas.RunId;
import java.util.List;

/**
 * One message of the stream: the first holds every run, the others those that changed.
 *
 * @param caughtUp whether all that the topics held at the start was read
 * @param removed runs that were deleted
 */
record StreamMessage(boolean caughtUp, List<RunRow> runs, List<RunId> removed) {

    static StreamMessage of(boolean caughtUp, Changes changes) {
        return new StreamMessage(caughtUp, changes.runs(), changes.removed());
    }
}
