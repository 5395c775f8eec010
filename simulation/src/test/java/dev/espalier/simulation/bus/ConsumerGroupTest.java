// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.Topic;
import dev.espalier.simulation.schedule.Calm;
import dev.espalier.simulation.schedule.Life;
import dev.espalier.simulation.schedule.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class ConsumerGroupTest {

    private static final long COMMITTED_BY_THEN = 20_000;

    private final Timeline timeline = new Timeline();
    private final Bus bus = new Bus(timeline, new Calm(), message -> {});
    private final ConsumerGroup group = bus.group(Topic.SNAPSHOTS);
    private final List<String> taken = new ArrayList<>();

    private void write(long at) {
        timeline.at(
                at,
                () ->
                        bus.append(
                                new ProducerRecord<>(
                                        Topic.SNAPSHOTS.topicName(), "run", new byte[1])));
    }

    private Life consumer(String instance, int life) {
        var process = new Life(instance, life);
        timeline.start(
                process,
                () -> {
                    var subscription = new Subscription(group, process);
                    while (true) {
                        var message = subscription.poll();
                        taken.add(process + "@" + message.offset());
                        timeline.sleep(100);
                        subscription.acknowledge(message);
                    }
                });
        return process;
    }

    @Test
    void shouldDeliverAgainWhatWasNotCommittedBeforeAKill() {
        Life first = consumer("a", 1);
        write(1);
        write(COMMITTED_BY_THEN);
        write(COMMITTED_BY_THEN + 1);
        timeline.at(COMMITTED_BY_THEN + 500, () -> timeline.kill(first));
        timeline.at(COMMITTED_BY_THEN + 600, () -> consumer("a", 2));

        assertThat(timeline.run(() -> false, 60_000)).isNull();

        assertThat(taken).containsExactly("a#1@0", "a#1@1", "a#1@2", "a#2@1", "a#2@2");
        assertThat(bus.isDrained()).isTrue();
    }

    @Test
    void shouldGiveThePartitionsOfASilentMemberToOthersAndFenceIt() {
        Life zombie = consumer("b", 1);
        consumer("a", 1);
        write(10);
        timeline.at(
                50,
                () -> {
                    timeline.stall(zombie, 100_000);
                    group.silent(zombie);
                });

        assertThat(timeline.run(() -> false, 90_000)).isNull();
        assertThat(taken).containsExactly("b#1@0", "a#1@0");
    }
}
