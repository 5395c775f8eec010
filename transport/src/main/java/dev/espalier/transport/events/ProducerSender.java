// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.transport.kafka.KafkaSettings;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** A Kafka producer as a {@link RecordSender}. Safe for use by several threads. */
public final class ProducerSender implements RecordSender, AutoCloseable {

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final Producer<String, byte[]> producer;

    public ProducerSender(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    public static ProducerSender open(KafkaSettings kafka) {
        return new ProducerSender(new KafkaProducer<>(kafka.producer()));
    }

    @Override
    public void send(ProducerRecord<String, byte[]> record) throws InterruptedException {
        try {
            var _ = producer.send(record).get();
        } catch (InterruptException e) {
            // Kafka has set the interrupt status, which the caller expects to be cleared.
            var _ = Thread.interrupted();
            var interrupted = new InterruptedException(e.getMessage());
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause
                    ? cause
                    : new KafkaException("the producer failed", e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_WITHIN);
    }
}
