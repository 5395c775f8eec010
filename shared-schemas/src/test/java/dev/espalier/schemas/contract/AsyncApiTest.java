// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.EventType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AsyncApiTest {

    private static final Path FILE = Path.of("asyncapi.yaml");

    private final JsonNode document = read();

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(FILE.toFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldBeAsyncApi31() {
        assertThat(document.path("asyncapi").asText()).isEqualTo("3.1.0");
    }

    @Test
    void shouldDescribeEveryTopicWithItsSettings() {
        Map<String, Map<String, String>> wanted = new HashMap<>();
        for (Topic topic : Topic.values()) {
            Map<String, String> settings = new HashMap<>(topic.brokerConfig());
            // AsyncAPI has no name for it.
            settings.remove("min.compaction.lag.ms");
            wanted.put(topic.topicName(), settings);
            wanted.put(topic.deadLetterName(), topic.deadLetterBrokerConfig());
        }

        Map<String, Map<String, String>> described = new HashMap<>();
        for (JsonNode channel : document.path("channels")) {
            JsonNode topic = channel.at("/bindings/kafka/topicConfiguration");
            Map<String, String> config = new HashMap<>();
            config.put("cleanup.policy", topic.at("/cleanup.policy/0").asText());
            config.put("max.message.bytes", topic.path("max.message.bytes").asText());
            if (topic.has("retention.ms")) {
                config.put("retention.ms", topic.get("retention.ms").asText());
            }
            described.put(channel.path("address").asText(), config);
        }

        assertThat(described).isEqualTo(wanted);
    }

    @Test
    void shouldDescribeEveryTypeOnItsTopicWithItsSchema() {
        for (EventType type : EventType.values()) {
            JsonNode channel = channel(type.topic().topicName());
            JsonNode message =
                    messages(channel)
                            .filter(m -> m.path("name").asText().equals(type.typeName()))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(type + " is not described"));

            assertThat(message.at("/headers/properties/ce_type/const").asText())
                    .isEqualTo(type.typeName());
            assertThat(message.at("/payload/schema/$ref").asText())
                    .isEqualTo("src/main/resources" + type.schemaResource());
            assertThat(message.at("/traits/0/$ref").asText())
                    .isEqualTo("#/components/messageTraits/cloudEvent");
        }
        assertThat(document.at("/components/messages")).hasSize(EventType.values().length + 1);
    }

    /** A topic that no operation names is one between the services. */
    @Test
    void shouldDescribeTheOperationsOfTrainersAndUsers() {
        Map<String, Set<String>> sent = new HashMap<>();
        Map<String, Set<String>> received = new HashMap<>();
        for (JsonNode operation : document.path("operations")) {
            String channel = operation.at("/channel/$ref").asText().substring(1);
            (operation.path("action").asText().equals("send") ? sent : received)
                    .computeIfAbsent(operation.at("/tags/0/name").asText(), tag -> new TreeSet<>())
                    .add(document.at(channel).path("address").asText());
        }

        assertThat(sent)
                .isEqualTo(
                        Map.of(
                                "trainer",
                                names(Topic.SNAPSHOTS, Topic.PROGRESS, Topic.RUN_STATUS),
                                "user",
                                names(Topic.RUNS, Topic.POLICIES)));
        assertThat(received)
                .isEqualTo(
                        Map.of(
                                "trainer",
                                names(Topic.RUNS, Topic.DECISIONS, Topic.RUN_CONDITIONS),
                                "user",
                                names(
                                        Topic.POLICY_STATUS,
                                        Topic.RUN_STATUS,
                                        Topic.RUN_CONDITIONS,
                                        Topic.PROGRESS,
                                        Topic.MEASUREMENTS,
                                        Topic.DECISIONS)));
    }

    private static Set<String> names(Topic... topics) {
        return Arrays.stream(topics).map(Topic::topicName).collect(toCollection(TreeSet::new));
    }

    @Test
    void shouldResolveEveryReference() {
        List<String> references = document.findValuesAsText("$ref");

        assertThat(references).hasSizeGreaterThan(Topic.values().length);
        for (String reference : references) {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            } else {
                assertThat(FILE.resolveSibling(reference)).exists();
            }
        }
    }

    @Test
    void shouldResolveEveryReferenceBetweenSchemas() {
        for (Path file : SchemasTest.files()) {
            for (String reference : Document.read(file).findValuesAsText("$ref")) {
                String[] parts = reference.split("#", 2);
                Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
                assertThat(target).exists();
                String pointer = parts.length == 2 ? parts[1] : "";
                assertThat(Document.read(target).at(pointer).isMissingNode())
                        .as("%s in %s", reference, file)
                        .isFalse();
            }
        }
    }

    private JsonNode channel(String address) {
        return elements(document.path("channels"))
                .filter(channel -> channel.path("address").asText().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private Stream<JsonNode> messages(JsonNode channel) {
        return elements(channel.path("messages"))
                .map(message -> document.at(message.path("$ref").asText().substring(1)));
    }

    private static Stream<JsonNode> elements(JsonNode node) {
        JsonNode[] children = new JsonNode[node.size()];
        int i = 0;
        for (JsonNode child : node) {
            children[i++] = child;
        }
        return Arrays.stream(children);
    }
}
