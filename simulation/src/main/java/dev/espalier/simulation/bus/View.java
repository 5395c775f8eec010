// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.bus;

import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A compacted topic as a process sees it, some time after it was written: what {@link
 * dev.espalier.transport.events.CompactedTopic} does on a thread of its own.
 *
 * @param <E> the only type of event on the topic
 */
public final class View<E extends Event> {

    private final Bus bus;
    private final Topic topic;
    private final Class<E> type;
    private final EventCodec codec;
    private final long lag;
    private final int[] cursors = new int[Bus.PARTITIONS];
    private final int[] ends = new int[Bus.PARTITIONS];
    private final Map<String, Received<E>> latest = new HashMap<>();

    public View(Bus bus, Topic topic, Class<E> type, EventCodec codec) {
        this.bus = bus;
        this.topic = topic;
        this.type = type;
        this.codec = codec;
        this.lag = bus.faults().lagMillis();
        for (int i = 0; i < ends.length; i++) {
            ends[i] = bus.log(topic.topicName(), i).size();
        }
    }

    /** The last valid event of a key. */
    public Optional<Received<E>> get(String key) {
        advance();
        return Optional.ofNullable(latest.get(key));
    }

    /** Whether everything was read that was there when it was opened. */
    public boolean isCaughtUp() {
        advance();
        for (int i = 0; i < ends.length; i++) {
            if (cursors[i] < ends[i]) {
                return false;
            }
        }
        return true;
    }

    private void advance() {
        long now = bus.timeline().now();
        if (bus.faults().brokerRefuses(now)) {
            return;
        }
        for (int i = 0; i < cursors.length; i++) {
            var log = bus.log(topic.topicName(), i);
            while (cursors[i] < log.size() && log.get(cursors[i]).visibleAt() + lag <= now) {
                take(log.get(cursors[i]++).message());
            }
        }
    }

    private void take(ConsumerRecord<String, byte[]> message) {
        if (message.value() == null) {
            latest.remove(message.key());
            return;
        }
        try {
            latest.put(message.key(), codec.read(message, type));
        } catch (MalformedEventException e) {
            // The last valid one stays in force, as in CompactedTopic.
        }
    }
}
