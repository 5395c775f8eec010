// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import dev.espalier.transport.failure.Failure;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a service does with a record of one topic. A record may be handled several times. */
@FunctionalInterface
public interface RecordHandler {

    /**
     * Handles a record. An exception is classified by {@link
     * dev.espalier.transport.failure.Failures}, and the record is retried or becomes a dead letter.
     */
    Outcome handle(ConsumerRecord<String, byte[]> record) throws InterruptedException;

    /**
     * Is called before a dead-letter record is written, so that the run gets the reason: publishes,
     * for example, that the run is held up. What it throws is logged, and the dead letter is
     * written all the same.
     */
    default void beforeDeadLetter(ConsumerRecord<String, byte[]> record, Failure failure)
            throws InterruptedException {}
}
