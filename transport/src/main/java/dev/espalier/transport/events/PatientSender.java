// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.kafka.KafkaErrors;
import dev.espalier.transport.retry.PatientCall;
import dev.espalier.transport.retry.RetrySchedule;
import dev.espalier.transport.time.Time;
import dev.espalier.transport.time.WaitInterruptedException;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Sends a record again while the broker is away, without limit, and tells the {@link Availability}.
 * A record may be written twice: after a lost answer it is sent again.
 */
public final class PatientSender {

    private final RecordSender sender;
    private final PatientCall broker;

    public PatientSender(
            RecordSender sender, RetrySchedule schedule, Time time, Availability availability) {
        this.sender = sender;
        this.broker = new PatientCall(Dependency.BROKER, schedule, time, availability);
    }

    /**
     * Returns when the broker has acknowledged the record.
     *
     * @throws PublishingException if the record can never be sent
     * @throws WaitInterruptedException if the thread was interrupted
     */
    public void send(ProducerRecord<String, byte[]> record) {
        broker.call(
                () -> {
                    sender.send(record);
                    return record;
                },
                failure -> outage(record, failure));
    }

    private static Optional<String> outage(
            ProducerRecord<String, byte[]> record, RuntimeException failure) {
        if (!(failure instanceof KafkaException e)) {
            return Optional.empty();
        }
        if (!KafkaErrors.isTransient(e)) {
            throw new PublishingException(
                    "a record for %s with %d bytes cannot be sent: %s"
                            .formatted(record.topic(), size(record), e.getMessage()),
                    e);
        }
        return Optional.of("cannot send to %s: %s".formatted(record.topic(), e.getMessage()));
    }

    private static int size(ProducerRecord<String, byte[]> record) {
        return record.value() == null ? 0 : record.value().length;
    }
}
