// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.RunStatus;
import java.util.Optional;

/** What was last reported about each run, by this process or one before it. */
public interface ReportedRuns {

    /** Whether everything was read that there was to read; until then {@link #last} waits. */
    boolean isComplete();

    /**
     * @throws TryLaterException while the broker is away
     */
    Optional<RunStatus> last(RunId run);
}
