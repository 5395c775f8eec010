// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.kafka.KafkaErrors;
import dev.espalier.transport.retry.RetrySchedule;
import dev.espalier.transport.time.Time;
import dev.espalier.transport.time.WaitInterruptedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a record again while the broker is away, without limit, and tells the {@link Availability}.
 * A record may be written twice: after a lost answer it is sent again.
 */
public final class PatientSender {

    private static final Logger LOGGER = LoggerFactory.getLogger(PatientSender.class);

    private final RecordSender sender;
    private final RetrySchedule schedule;
    private final Time time;
    private final Availability availability;

    public PatientSender(
            RecordSender sender, RetrySchedule schedule, Time time, Availability availability) {
        this.sender = sender;
        this.schedule = schedule;
        this.time = time;
        this.availability = availability;
    }

    /**
     * Returns when the broker has acknowledged the record.
     *
     * @throws PublishingException if the record can never be sent
     * @throws WaitInterruptedException if the thread was interrupted
     */
    public void send(ProducerRecord<String, byte[]> record) {
        Availability.@Nullable Wait wait = null;
        try {
            for (int failures = 1; ; failures++) {
                try {
                    sender.send(record);
                    availability.succeeded(Dependency.BROKER);
                    return;
                } catch (KafkaException e) {
                    if (!KafkaErrors.isTransient(e)) {
                        throw new PublishingException(
                                "a record for %s with %d bytes cannot be sent: %s"
                                        .formatted(record.topic(), size(record), e.getMessage()),
                                e);
                    }
                    String what = "cannot send to %s: %s".formatted(record.topic(), e.getMessage());
                    if (wait == null) {
                        wait = availability.waitFor(Dependency.BROKER, what);
                        LOGGER.warn("The broker is away, trying again: error={}", what);
                    } else {
                        wait.update(what);
                    }
                    time.pause(schedule.pause(failures));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while sending to " + record.topic(), e);
        } finally {
            if (wait != null) {
                wait.close();
            }
        }
    }

    private static int size(ProducerRecord<String, byte[]> record) {
        return record.value() == null ? 0 : record.value().length;
    }
}
