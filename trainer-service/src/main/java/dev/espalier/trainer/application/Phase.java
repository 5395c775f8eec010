// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.trainer.domain.training.EpochResult;
import java.time.Duration;
import java.time.Instant;

/** Where in an iteration a run is. Each phase can be repeated from the store alone. */
sealed interface Phase {

    /** To find out from the store where the run is. */
    record Opening() implements Phase {}

    /** To load what the iteration starts from. */
    record Ready(NextIteration plan) implements Phase {}

    /** To train. */
    record Training(IterationWork work) implements Phase {}

    /** To store what was trained. */
    record Storing(IterationWork work, EpochResult last) implements Phase {}

    /** To publish what was stored. */
    record Announcing(SnapshotPublished snapshot) implements Phase {}

    /**
     * For the decision. The snapshot is published again at {@code remindAt}: whoever lost something
     * then finds its result in the store and says it again.
     */
    record Waiting(SnapshotPublished snapshot, Instant remindAt, Duration patience)
            implements Phase {

        private static final Duration LONGEST = Duration.ofMinutes(10);

        /** Of a snapshot that was published just now; the next time, patience is twice as long. */
        static Waiting since(Instant now, SnapshotPublished snapshot, Duration patience) {
            Duration longer = patience.multipliedBy(2);
            return new Waiting(
                    snapshot, now.plus(patience), longer.compareTo(LONGEST) < 0 ? longer : LONGEST);
        }
    }
}
