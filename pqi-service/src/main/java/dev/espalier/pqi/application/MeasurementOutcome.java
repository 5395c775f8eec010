// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.MeasurementFailed;

/** How a snapshot fared. Both kinds are told to the world. */
public sealed interface MeasurementOutcome {

    /**
     * @param repeated whether the document was in the store already
     */
    record Measured(CompressibilityMeasured event, boolean repeated)
            implements MeasurementOutcome {}

    /**
     * @param cause for the dead letter
     */
    record Failed(MeasurementFailed event, RuntimeException cause) implements MeasurementOutcome {

        static final String UNEXPECTED = "internal-error";

        /** Whether the reason says it all, so that nobody needs a stack trace. */
        public boolean isExpected() {
            return !event.reason().code().equals(UNEXPECTED);
        }
    }
}
