// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.RangeRequested;
import java.util.List;

/** What came of a snapshot, or of a range of one. */
public sealed interface MeasurementOutcome {

    /**
     * @param repeated whether the document was in the store already
     */
    record Measured(CompressibilityMeasured event, boolean repeated)
            implements MeasurementOutcome {}

    /**
     * The snapshot is large: its ranges are to be measured by whoever is free.
     *
     * @param requests one per range, and one for the digests, which takes longest and comes first
     */
    record Cut(List<RangeRequested> requests) implements MeasurementOutcome {

        public Cut {
            requests = List.copyOf(requests);
        }
    }

    /**
     * What was found out about a range is stored; others are not there yet, and whoever stores the
     * last one goes on.
     *
     * @param repeated whether it was in the store already
     */
    record Partial(boolean repeated) implements MeasurementOutcome {}

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
