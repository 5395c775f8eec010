// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.controller.application.Runs;
import dev.espalier.controller.application.TopicView;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.transport.events.CompactedTopic;
import dev.espalier.transport.events.EventCodec;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** {@code espalier.runs} in memory. */
@Singleton
final class RunsView implements Runs, TopicView {

    private static final Logger LOGGER = Logger.getLogger(RunsView.class);

    private final CompactedTopic<RunRequested> topic;

    RunsView(
            EventCodec codec, @Identifier("default-kafka-broker") Map<String, Object> kafkaConfig) {
        this.topic =
                new CompactedTopic<>(
                        Topic.RUNS,
                        RunRequested.class,
                        codec,
                        kafkaConfig,
                        // The trainer, which answers for runs, has it dead-lettered.
                        (record, e) -> LOGGER.warnf("No valid run: error=%s", e.getMessage()));
    }

    @Override
    public Optional<KnownRun> find(RunId run) {
        return topic.get(run.value())
                .map(received -> new KnownRun(received.event().specification(), received.id()));
    }

    @Override
    public void awaitCaughtUp() throws InterruptedException {
        Views.awaitCaughtUp(topic);
    }

    @PreDestroy
    void close() {
        topic.close();
    }
}
