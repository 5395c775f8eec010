// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that a pump has taken.
 *
 * @param outcome completed when the record is settled or left
 * @param isLast true if the record may not be parked again
 */
record Task(
        ConsumerRecord<String, byte[]> record, CompletableFuture<Outcome> outcome, boolean isLast) {

    Task(ConsumerRecord<String, byte[]> record) {
        this(record, new CompletableFuture<>(), false);
    }

    long bytes() {
        return record.value() == null ? 0 : record.value().length;
    }

    /** What has to stay in order: the records of a run. */
    String line() {
        // A record without a key is malformed; its order does not matter.
        return record.key() == null ? "partition-" + record.partition() : record.key();
    }

    Task last() {
        return new Task(record, outcome, true);
    }
}
