// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import dev.espalier.transport.failure.Failure;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hears what becomes of records: metrics, and the simulation's journal. */
public interface RecordObserver {

    RecordObserver NONE = new RecordObserver() {};

    default void acknowledged(ConsumerRecord<String, byte[]> record, Duration took) {}

    default void deadLettered(ConsumerRecord<String, byte[]> record, Failure failure) {}

    /** An attempt failed, and another one follows. */
    default void retried(ConsumerRecord<String, byte[]> record, Failure failure) {}

    default void left(ConsumerRecord<String, byte[]> record) {}

    default void parked(ConsumerRecord<String, byte[]> record) {}
}
