// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.schemas.event.Event;
import dev.espalier.simulation.schedule.Life;
import dev.espalier.transport.events.EventCodec;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The producer of a process: one event after the other; what was not sent dies with it. */
final class Outbox {

    /** How long a producer waits for the broker before it gives up on an event. */
    private static final long PATIENCE = 30_000;

    private static final long SOON = 50;

    private final World world;
    private final Life process;
    private final EventCodec codec;
    private final Queue<ProducerRecord<String, byte[]>> waiting = new ArrayDeque<>();

    Outbox(World world, Life process, EventCodec codec) {
        this.world = world;
        this.process = process;
        this.codec = codec;
    }

    /**
     * Sends an event after those before it, and waits until the broker has it.
     *
     * @return false where the broker did not take it, as far as the process can tell
     */
    boolean publish(Event event, @Nullable String cause) {
        ProducerRecord<String, byte[]> sent = codec.write(event, cause);
        var taken = new AtomicBoolean();
        world.steps()
                .change(
                        process,
                        "publishes " + event.eventId(),
                        () -> {
                            if (!refused()) {
                                flush();
                                world.bus().append(sent);
                                taken.set(true);
                            }
                        });
        boolean isLost = world.faults().losesAnswer(world.timeline().now());
        if (!taken.get() || isLost) {
            world.steps().take(process, "waits for the broker", PATIENCE);
            return false;
        }
        return true;
    }

    /** Sends an event some time later. */
    void announce(Event event) {
        world.steps().take(process, "announces " + event.eventId(), 0);
        waiting.add(codec.write(event));
        later();
    }

    private void later() {
        long at = world.timeline().now() + SOON + world.faults().deliveryMillis();
        world.timeline()
                .at(
                        at,
                        () -> {
                            if (!process.isDead()) {
                                if (refused() || process.stalledUntil() > world.timeline().now()) {
                                    later();
                                } else {
                                    flush();
                                }
                            }
                        });
    }

    private boolean refused() {
        return world.faults().brokerRefuses(world.timeline().now());
    }

    private void flush() {
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            world.bus().append(next);
        }
    }

    /** Whether nothing is left to send. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
