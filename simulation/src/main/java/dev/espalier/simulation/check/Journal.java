// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.schemas.Topic;
import dev.espalier.simulation.schedule.Steps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is said, as it is said. An event of an iteration says the same each time, else
 * somebody acted twice: 1 for decisions, 4 for measurements, 5 for snapshots.
 */
public final class Journal {

    private static final Map<String, Integer> FACTS =
            Map.of(
                    Topic.DECISIONS.topicName(), 1,
                    Topic.MEASUREMENTS.topicName(), 4,
                    Topic.SNAPSHOTS.topicName(), 5);

    private final Map<String, String> said = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    /** Hears of a record. */
    public void record(ConsumerRecord<String, byte[]> message, Steps steps) {
        Integer invariant = FACTS.get(message.topic());
        Header id = message.headers().lastHeader("ce_id");
        if (invariant == null || id == null || message.value() == null) {
            return;
        }
        String event = new String(id.value(), UTF_8);
        String data = new String(message.value(), UTF_8);
        @Nullable String before = said.putIfAbsent(event, data);
        if (before != null && !before.equals(data)) {
            violations.add(
                    new Violation(
                            invariant,
                            "%s is said otherwise at step %d:\n  %s\n  %s"
                                    .formatted(event, steps.count(), before, data)));
        }
    }

    public List<Violation> violations() {
        return List.copyOf(violations);
    }
}
