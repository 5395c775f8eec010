// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends one record and waits for the broker's answer. */
@FunctionalInterface
public interface RecordSender {

    /**
     * Returns when the broker has acknowledged the record.
     *
     * @throws org.apache.kafka.common.KafkaException why the record was not acknowledged, with
     *     Kafka's own type
     */
    void send(ProducerRecord<String, byte[]> record) throws InterruptedException;
}
