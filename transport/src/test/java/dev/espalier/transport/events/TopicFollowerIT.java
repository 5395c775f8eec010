// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.LocalStack;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.sparsity.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TopicFollowerIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static LocalStack stack;
    private static KafkaProducer<String, byte[]> producer;
    private static final EventCodec CODEC = new EventCodec("/test", Clock.systemUTC());

    @BeforeAll
    static void start() {
        stack = LocalStack.temporary();
        producer = new KafkaProducer<>(config(), new StringSerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        producer.close();
        stack.close();
    }

    @Test
    void shouldKnowTheLastValidEventOfEachKey() throws Exception {
        // Given
        send(CODEC.write(selected("run-a", "old")));
        send(CODEC.write(selected("run-a", "new")));
        send(CODEC.write(selected("run-b", "gone")));
        send(new ProducerRecord<>(Topic.POLICIES.topicName(), "run-b", null));
        List<String> malformed = new CopyOnWriteArrayList<>();

        try (var policies = follow(malformed)) {
            // When
            assertThat(policies.awaitCaughtUp(LONG)).isTrue();

            // Then
            assertThat(nameOf(policies, "run-a")).isEqualTo("new");
            assertThat(policies.get("run-b")).isEmpty();

            // When a later one arrives, and one that is broken
            send(CODEC.write(selected("run-a", "newest")));
            ProducerRecord<String, byte[]> broken = CODEC.write(selected("run-a", "broken"));
            var record =
                    new ProducerRecord<>(broken.topic(), broken.key(), "no json".getBytes(UTF_8));
            broken.headers().forEach(record.headers()::add);
            send(record);

            // Then the last valid one stays in force
            await().atMost(LONG).until(() -> !malformed.isEmpty());
            assertThat(malformed.getFirst()).contains("the data is not JSON");
            assertThat(nameOf(policies, "run-a")).isEqualTo("newest");
        }
    }

    @Test
    void shouldGoOnWhenTheBrokerComesBack() throws Exception {
        try (var policies = follow(new CopyOnWriteArrayList<>())) {
            assertThat(policies.awaitCaughtUp(LONG)).isTrue();

            // When
            stack.stopKafka();
            stack.startKafka();
            send(CODEC.write(selected("run-c", "after")));

            // Then
            await().atMost(LONG).until(() -> policies.get("run-c").isPresent());
        }
    }

    private static CompactedTopic<PolicySelected> follow(List<String> malformed) {
        return new CompactedTopic<>(
                Topic.POLICIES,
                PolicySelected.class,
                CODEC,
                config(),
                (record, reason) -> malformed.add(reason.getMessage()));
    }

    private static String nameOf(CompactedTopic<PolicySelected> policies, String key) {
        return policies.get(key).orElseThrow().event().policy().name();
    }

    private static PolicySelected selected(String run, String name) {
        var policy =
                new Policy(
                        name,
                        Scope.LAYER,
                        new PruningRule.FixedRatio(0.2),
                        1,
                        List.of(),
                        StopRule.NONE);
        return new PolicySelected(run, policy, Instant.EPOCH);
    }

    private static void send(ProducerRecord<String, byte[]> record) throws Exception {
        producer.send(record).get();
    }

    private static Map<String, Object> config() {
        return Map.of("bootstrap.servers", stack.bootstrapServers());
    }
}
