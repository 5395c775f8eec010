// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.schemas.RunId;
import java.io.Serial;

/** A measurement of a run that nobody asked for, so far: the topics of runs may lag behind. */
public final class UnknownRunException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    UnknownRunException(RunId run) {
        super(
                "the run '%s' was not requested\nMaybe its run.requested event was never produced, or its tombstone was"
                        .formatted(run));
    }
}
