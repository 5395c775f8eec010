// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.trainer.application.iteration.IterationWork;
import dev.espalier.trainer.application.iteration.NextIteration;
import dev.espalier.trainer.domain.training.EpochResult;
import java.time.Duration;
import java.time.Instant;

/** Where in an iteration a run is. Each step can be repeated from the store alone. */
sealed interface SessionStep {

    /** To find out from the store where the run is. */
    record Opening() implements SessionStep {}

    /** To load what the iteration starts from. */
    record Ready(NextIteration plan) implements SessionStep {}

    /** To train. */
    record Training(IterationWork work) implements SessionStep {}

    /** To store what was trained. */
    record Storing(IterationWork work, EpochResult last) implements SessionStep {}

    /** To publish what was stored. */
    record Announcing(SnapshotPublished snapshot) implements SessionStep {}

    /**
     * For the decision. The snapshot is published again at {@code remindAt}: whoever lost something
     * then finds its result in the store and says it again.
     */
    record Waiting(SnapshotPublished snapshot, Instant remindAt, Duration patience)
            implements SessionStep {

        private static final Duration LONGEST = Duration.ofMinutes(10);

        /** Of a snapshot that was published just now; the next time, patience is twice as long. */
        static Waiting since(Instant now, SnapshotPublished snapshot, Duration patience) {
            Duration longer = patience.multipliedBy(2);
            return new Waiting(
                    snapshot, now.plus(patience), longer.compareTo(LONGEST) < 0 ? longer : LONGEST);
        }
    }
}
