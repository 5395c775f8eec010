// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.kafka;

import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.SnapshotPublished;

/**
 * What is to be done about one kind of event.
 *
 * @param <E> the kind
 */
interface Work<E extends IterationEvent> {

    MeasurementOutcome measure(E event);

    /** The snapshot that the event is about. */
    SnapshotPublished snapshot(E event);

    /** The measurement that the event has led to is published. */
    void published(E event);
}
