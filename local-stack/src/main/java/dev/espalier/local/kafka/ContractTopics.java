// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.kafka;

import dev.espalier.schemas.Topic;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The topics of the contract and their dead-letter topics, sized for one machine. */
public final class ContractTopics {
    private static final int PARTITIONS = 4;

    private ContractTopics() {}

    public static List<TopicSpec> all() {
        return Arrays.stream(Topic.values()).flatMap(ContractTopics::withDeadLetters).toList();
    }

    private static Stream<TopicSpec> withDeadLetters(Topic topic) {
        return Stream.of(
                new TopicSpec(topic.topicName(), PARTITIONS, topic.brokerConfig()),
                new TopicSpec(topic.deadLetterName(), PARTITIONS, topic.deadLetterBrokerConfig()));
    }
}
