// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import java.time.Duration;

/** What is counted while the service works. */
public interface MeasurementObserver {

    /** How a measurement ended. */
    enum Ending {
        /** Measured, document stored, event published. */
        MEASURED,
        /** A range of a large snapshot was summed or hashed; others are missing yet. */
        RANGE,
        /** The document was there already; its event was published again. */
        REPEATED,
        /** The snapshot cannot be measured, and its event says so. */
        FAILED
    }

    /** What became of a record. */
    enum Handling {
        PROCESSED,
        DUPLICATE,
        DEAD_LETTERED
    }

    void measured(Ending ending, Duration time);

    /**
     * @param type CloudEvents type, {@code unknown} where the record is no event
     */
    void handled(String type, Handling handling);

    /** Bytes of objects that came from the store. */
    void downloaded(long bytes);

    /** Bytes of objects that went to the store. */
    void uploaded(long bytes);

    /** The store did not answer, and is asked again. */
    void retried();
}
