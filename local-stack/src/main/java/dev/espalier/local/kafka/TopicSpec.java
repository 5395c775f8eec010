// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.kafka;

import java.util.Map;

/** A topic that must exist, with the broker's settings for it. */
public record TopicSpec(String name, int partitions, Map<String, String> config) {
    public TopicSpec {
        if (name.isBlank()) {
            throw new IllegalArgumentException("The name of a topic is blank");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException(
                    "Topic %s: partitions is %d, not at least 1".formatted(name, partitions));
        }
        config = Map.copyOf(config);
    }
}
