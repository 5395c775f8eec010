// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.kafka;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.trainer.application.ReportedRuns;
import dev.espalier.trainer.application.TryLaterException;
import dev.espalier.transport.events.CompactedTopic;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.Received;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Reads back what this trainer, or one before it, reported. */
@Singleton
final class StatusTopic implements ReportedRuns {

    private static final Logger LOGGER = Logger.getLogger(StatusTopic.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CompactedTopic<RunStatus> statuses;

    StatusTopic(EventCodec codec, @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.statuses =
                new CompactedTopic<>(
                        Topic.RUN_STATUS,
                        RunStatus.class,
                        codec,
                        kafka,
                        (_, e) -> LOGGER.debugf("Skipped a status: %s", e.getMessage()));
    }

    @Override
    public boolean isComplete() {
        return statuses.isCaughtUp();
    }

    @Override
    public Optional<RunStatus> last(RunId run) {
        try {
            if (!statuses.awaitCaughtUp(PATIENCE)) {
                throw new TryLaterException("Kafka does not give the topic of statuses");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLaterException("interrupted", e);
        }
        return statuses.get(run.value()).map(Received::event);
    }

    @PreDestroy
    void close() {
        statuses.close();
    }
}
