// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.controller.application.SelectedPolicies;
import dev.espalier.controller.application.TopicView;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.transport.events.CompactedTopic;
import dev.espalier.transport.events.EventCodec;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** {@code espalier.policies} in memory: per target the last valid policy. */
@Singleton
final class PoliciesView implements SelectedPolicies, TopicView {

    private static final Logger LOGGER = Logger.getLogger(PoliciesView.class);

    private final CompactedTopic<PolicySelected> topic;

    PoliciesView(
            EventCodec codec,
            PolicyReading reading,
            @Identifier("default-kafka-broker") Map<String, Object> kafkaConfig) {
        this.topic =
                new CompactedTopic<>(
                        Topic.POLICIES,
                        PolicySelected.class,
                        codec,
                        kafkaConfig,
                        reading::requireUsable,
                        // PolicyConsumer, once in the whole group, has it dead-lettered.
                        (record, e) -> LOGGER.debugf("No valid policy: error=%s", e.getMessage()));
    }

    @Override
    public Optional<ChosenPolicy> find(String target) {
        return topic.get(target)
                .map(received -> new ChosenPolicy(received.event().policy(), received.id()));
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
