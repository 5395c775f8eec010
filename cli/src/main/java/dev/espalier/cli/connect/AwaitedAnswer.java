// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.connect;

import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.events.TopicFollower;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The controller's answer to one policy, as soon as it comes. */
final class AwaitedAnswer implements TopicFollower.Listener {

    private final String selection;
    private final AtomicReference<PolicyStatus> answer = new AtomicReference<>();
    private final CountDownLatch answered = new CountDownLatch(1);

    /**
     * @param selection the id of the event that is to be answered
     */
    AwaitedAnswer(String selection) {
        this.selection = selection;
    }

    Optional<PolicyStatus> await(Duration atMost) throws InterruptedException {
        var _ = answered.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        return Optional.ofNullable(answer.get());
    }

    @Override
    public void onEvent(Received<Event> received, ConsumerRecord<String, byte[]> record) {
        if (received.event() instanceof PolicyStatus status
                && selection.equals(status.selection())) {
            answer.set(status);
            answered.countDown();
        }
    }

    @Override
    public void onTombstone(ConsumerRecord<String, byte[]> record) {}

    @Override
    public void onMalformed(
            ConsumerRecord<String, byte[]> record, MalformedEventException reason) {}
}
