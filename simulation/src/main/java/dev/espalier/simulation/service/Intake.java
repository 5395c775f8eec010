// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.simulation.bus.ConsumerGroup;
import dev.espalier.simulation.bus.Subscription;
import dev.espalier.simulation.schedule.Life;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Takes records one after the other, and acknowledges each when it was worked on. */
final class Intake {

    /** What becomes of a record. */
    interface Work {

        /**
         * @return why the record belongs to the dead letters; null if it does not
         */
        @Nullable String refusal(ConsumerRecord<String, byte[]> message)
                throws InterruptedException;
    }

    private final World world;
    private final Life process;
    private final Subscription subscription;

    Intake(World world, Life process, Subscription subscription) {
        this.world = world;
        this.process = process;
        this.subscription = subscription;
    }

    static Intake of(World world, Life process, ConsumerGroup group) {
        return new Intake(world, process, new Subscription(group, process));
    }

    /** Goes on for as long as the process lives. */
    void run(Work work) throws InterruptedException {
        while (true) {
            ConsumerRecord<String, byte[]> message = subscription.poll();
            String name =
                    "%s-%d@%d".formatted(message.topic(), message.partition(), message.offset());
            world.steps().take(process, "takes " + name);
            if (world.has(Mutation.COMMIT_BEFORE_WORK)) {
                subscription.acknowledge(message);
                subscription.commit();
            }
            String refusal = work.refusal(message);
            if (refusal != null && !world.has(Mutation.MALFORMED_SKIPPED)) {
                world.steps()
                        .change(
                                process,
                                "gives up " + name + ": " + firstLine(refusal),
                                () -> world.bus().deadLetter(message, refusal));
            }
            world.steps().take(process, "acknowledges " + name);
            subscription.acknowledge(message);
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
