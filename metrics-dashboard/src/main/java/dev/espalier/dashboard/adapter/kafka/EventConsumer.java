// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.kafka;

import dev.espalier.dashboard.application.ReadingProgress;
import dev.espalier.dashboard.application.RecordEvents;
import dev.espalier.dashboard.application.TopicSource;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.events.TopicFollower;
import dev.espalier.transport.kafka.KafkaSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the read model from all topics of the contract that say something about a run, as long as
 * the process lives.
 */
@Singleton
final class EventConsumer implements ReadingProgress, TopicFollower.Listener {

    private static final Logger LOGGER = Logger.getLogger(EventConsumer.class);

    private final TopicSource source;
    private final Clock clock;
    private final Instance<RecordEvents> recordEvents;
    private volatile @Nullable TopicFollower follower;

    /**
     * @param recordEvents late, for what it feeds also asks this how far it has read
     */
    EventConsumer(TopicSource source, Clock clock, Instance<RecordEvents> recordEvents) {
        this.source = source;
        this.clock = clock;
        this.recordEvents = recordEvents;
    }

    void start(@Observes StartupEvent event) {
        LOGGER.infof("Reading all topics of %s from the beginning", source.bootstrapServers());
        follower =
                TopicFollower.follow(
                        EnumSet.complementOf(EnumSet.of(Topic.RANGES)),
                        new EventCodec("/metrics-dashboard", clock),
                        settings(System.getenv(), source),
                        this);
    }

    /** The settings of the environment ({@code KAFKA_*}), with the address of the configuration. */
    static KafkaSettings settings(Map<String, String> environment, TopicSource source) {
        return KafkaSettings.ofEnvironment(environment)
                .with(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, source.bootstrapServers())
                .with(CommonClientConfigs.CLIENT_ID_CONFIG, "metrics-dashboard");
    }

    void stop(@Observes ShutdownEvent event) {
        TopicFollower running = follower;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public boolean isCaughtUp() {
        TopicFollower running = follower;
        return running != null && running.isCaughtUp();
    }

    @Override
    public void onEvent(Received<Event> received, ConsumerRecord<String, byte[]> record) {
        recordEvents.get().event(received.event(), writtenAt(record));
    }

    @Override
    public void onTombstone(ConsumerRecord<String, byte[]> record) {
        Optional<RunId> runId = runId(record.key());
        if (runId.isPresent()) {
            topic(record)
                    .ifPresent(t -> recordEvents.get().deleted(t, runId.get(), writtenAt(record)));
        }
    }

    @Override
    public void onMalformed(ConsumerRecord<String, byte[]> record, MalformedEventException reason) {
        LOGGER.warnf("No valid event, left out: %s", reason.getMessage());
        topic(record).ifPresent(recordEvents.get()::malformed);
    }

    private static Instant writtenAt(ConsumerRecord<String, byte[]> record) {
        return Instant.ofEpochMilli(record.timestamp());
    }

    private static Optional<Topic> topic(ConsumerRecord<String, byte[]> record) {
        return Arrays.stream(Topic.values())
                .filter(topic -> topic.topicName().equals(record.topic()))
                .findFirst();
    }

    private static Optional<RunId> runId(@Nullable String key) {
        try {
            return key == null ? Optional.empty() : Optional.of(new RunId(key));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
