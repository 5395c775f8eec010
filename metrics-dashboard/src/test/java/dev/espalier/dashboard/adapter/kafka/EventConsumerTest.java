// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.dashboard.application.TopicSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventConsumerTest {

    @Test
    void shouldTakeTheSecuritySettingsOfTheEnvironment() {
        Map<String, Object> consumer =
                EventConsumer.settings(
                                Map.of(
                                        "KAFKA_SECURITY_PROTOCOL",
                                        "SASL_SSL",
                                        "KAFKA_SASL_MECHANISM",
                                        "SCRAM-SHA-512",
                                        "KAFKA_BOOTSTRAP_SERVERS",
                                        "other:9092"),
                                new TopicSource("broker:9092"))
                        .consumer();

        assertThat(consumer)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("bootstrap.servers", "broker:9092")
                .containsEntry("client.id", "metrics-dashboard")
                .doesNotContainKey("group.id");
    }
}
