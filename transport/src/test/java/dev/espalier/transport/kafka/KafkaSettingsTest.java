// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaSettingsTest {

    @Test
    void shouldTakeTheEnvironmentOfEveryService() {
        var settings =
                KafkaSettings.ofEnvironment(
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS",
                                "broker:9093",
                                "KAFKA_SECURITY_PROTOCOL",
                                "SASL_SSL",
                                "KAFKA_SASL_MECHANISM",
                                "SCRAM-SHA-512",
                                "KAFKA_SSL_TRUSTSTORE_LOCATION",
                                "/certs/trust.p12",
                                "KAFKA_HEAP_OPTS",
                                "-Xmx1g",
                                "HOME",
                                "/root"));

        for (Map<String, Object> client :
                List.of(settings.consumer(), settings.producer(), settings.admin())) {
            assertThat(client)
                    .containsEntry("bootstrap.servers", "broker:9093")
                    .containsEntry("security.protocol", "SASL_SSL")
                    .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                    .containsEntry("ssl.truststore.location", "/certs/trust.p12")
                    .doesNotContainKey("heap.opts");
        }
    }

    @Test
    void shouldTakeAFileAndLetItReplaceTheEnvironment(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("client.properties"),
                        "security.protocol=SSL\nssl.truststore.location=/t.p12\n");

        var settings =
                KafkaSettings.ofEnvironment(
                                Map.of(
                                        "KAFKA_BOOTSTRAP_SERVERS", "a:1",
                                        "KAFKA_SECURITY_PROTOCOL", "PLAINTEXT"))
                        .with(KafkaSettings.ofFile(file));

        assertThat(settings.admin())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("bootstrap.servers", "a:1");
    }

    @Test
    void shouldRefuseAnUnknownSettingOfAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("c.properties"), "secury.protocol=SSL\n");

        assertThatThrownBy(() -> KafkaSettings.ofFile(file))
                .hasMessageContaining("secury.protocol")
                .hasMessageContaining("\nTry: ");
    }

    @Test
    void shouldKeepSecretsOutOfItsText() {
        var settings = KafkaSettings.of("a:1").with("sasl.jaas.config", "… password=\"hunter2\"");

        assertThat(settings.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
    }

    @Test
    void shouldReadFromTheBeginningWithoutAGroup() {
        var settings = KafkaSettings.of("a:1").with("group.id", "mine").consumer();

        assertThat(settings)
                .containsEntry("auto.offset.reset", "earliest")
                .doesNotContainKey("group.id");
    }
}
