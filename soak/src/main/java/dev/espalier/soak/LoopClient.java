// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.events.TopicFollower;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Requests runs and hears of their events, as the command line does. */
final class LoopClient implements AutoCloseable {

    /** Hears of each valid event, with the time at which the broker took it. */
    interface Listener {
        void onEvent(Event event, long brokerMillis);
    }

    private final EventCodec codec = new EventCodec("/soak", Clock.systemUTC());
    private final KafkaProducer<String, byte[]> producer;
    private final TopicFollower follower;

    LoopClient(String bootstrapServers, Set<Topic> topics, Listener listener) {
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.LINGER_MS_CONFIG,
                                0),
                        new StringSerializer(),
                        new ByteArraySerializer());
        this.follower =
                TopicFollower.follow(
                        EnumSet.copyOf(topics),
                        codec,
                        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                        new TopicFollower.Listener() {
                            @Override
                            public void onEvent(
                                    Received<Event> received,
                                    ConsumerRecord<String, byte[]> record) {
                                listener.onEvent(received.event(), record.timestamp());
                            }

                            @Override
                            public void onTombstone(ConsumerRecord<String, byte[]> record) {}

                            @Override
                            public void onMalformed(
                                    ConsumerRecord<String, byte[]> record,
                                    MalformedEventException reason) {}
                        });
    }

    void send(Event event) throws InterruptedException {
        try {
            producer.send(codec.write(event)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot send " + event.eventId(), e.getCause());
        }
    }

    @Override
    public void close() {
        follower.close();
        producer.close(java.time.Duration.ofSeconds(2));
    }
}
