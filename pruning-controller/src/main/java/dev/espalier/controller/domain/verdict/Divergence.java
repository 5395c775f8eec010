// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.verdict;

import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;

/**
 * What becomes of a run whose training diverged. A guard that goes back to an earlier mask may save
 * it; whatever else the policy would do builds on weights that are none.
 */
public final class Divergence {

    private Divergence() {}

    public static Ruling judge(SnapshotPublished snapshot, Ruling ruling) {
        if (!snapshot.hasDiverged() || ruling.verdict() == Verdict.ROLL_BACK) {
            return ruling;
        }
        return Ruling.failed(
                ReasonCode.DIVERGED.because(
                        "the training of iteration %d diverged, and the policy does not go back: %s"
                                .formatted(snapshot.iteration(), ruling.reason().message())));
    }
}
