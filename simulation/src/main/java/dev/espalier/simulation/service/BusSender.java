// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.simulation.schedule.Life;
import dev.espalier.transport.events.RecordSender;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The producer of a process: the broker may be away, refuse a record, or its answer gets lost. */
public final class BusSender implements RecordSender {

    /** How long a producer waits for the broker before it reports a timeout. */
    private static final long TIMEOUT = 30_000;

    private final World world;
    private final Life process;

    BusSender(World world, Life process) {
        this.world = world;
        this.process = process;
    }

    @Override
    public void send(ProducerRecord<String, byte[]> record) {
        String name = "sends to %s: %s".formatted(record.topic(), record.key());
        var answer = new AtomicReference<@Nullable KafkaException>(new TimeoutException("away"));
        world.steps()
                .change(
                        process,
                        name,
                        () -> {
                            if (!world.faults().brokerRefuses(world.timeline().now())) {
                                answer.set(world.bus().offer(record));
                            }
                        });
        if (world.faults().losesAnswer(world.timeline().now())) {
            answer.set(new TimeoutException("the answer got lost"));
        }
        KafkaException error = answer.get();
        if (error instanceof TimeoutException) {
            world.steps().take(process, "waits for the broker", TIMEOUT);
        }
        if (error != null) {
            throw error;
        }
    }
}
