// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.testing;

import dev.espalier.schemas.event.Event;
import dev.espalier.transport.events.EventCodec;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Puts events on their topics, as a service would. */
public final class Publisher implements AutoCloseable {

    private final EventCodec codec = new EventCodec("/scripted", Clock.systemUTC());
    private final KafkaProducer<String, byte[]> producer;

    public Publisher(String bootstrapServers) {
        producer =
                new KafkaProducer<>(
                        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    public void publish(Event event) {
        send(codec.write(event));
    }

    public void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
