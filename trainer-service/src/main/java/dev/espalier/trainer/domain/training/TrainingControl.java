// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

/** What training asks and tells while it goes on. Called on the training thread. */
public interface TrainingControl {

    /** Asked before every batch; false makes training return where it is. */
    boolean mayContinue();

    /** An epoch ended. */
    void epochCompleted(EpochResult result);
}
