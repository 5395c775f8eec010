// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import java.time.Duration;

/** Counts and times what the trainer does. */
public interface TrainingObserver {

    /**
     * @param images trained on in that time
     */
    void epochCompleted(Duration duration, long images);

    /** An iteration was trained and stored, or ended in failure. */
    void iterationEnded(boolean successful, Duration duration);

    /** Weights and checkpoint were stored, or could not be. */
    void checkpointEnded(boolean successful, Duration duration);
}
