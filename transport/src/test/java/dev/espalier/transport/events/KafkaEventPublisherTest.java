// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.retry.RetrySchedule;
import dev.espalier.transport.testing.FakeBroker;
import dev.espalier.transport.testing.VirtualTime;
import dev.espalier.transport.time.WaitInterruptedException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class KafkaEventPublisherTest {

    private final VirtualTime time = new VirtualTime();
    private final FakeBroker broker = new FakeBroker();
    private final Availability availability = new Availability(time, EnumSet.of(Dependency.BROKER));
    private final EventPublisher publisher =
            new KafkaEventPublisher(
                    new EventCodec("/test", time),
                    new PatientSender(
                            broker,
                            new RetrySchedule(Duration.ofMillis(200), Duration.ofSeconds(15)),
                            time,
                            availability));
    private final EpochCompleted event =
            new EpochCompleted(new RunId("mnist"), 3, 1, 10, 0.1, 2.5, List.of());

    @Test
    void shouldPublishWithItsCause() {
        publisher.publish(event, "mnist/3/snapshot");

        assertThat(broker.records()).hasSize(1);
        assertThat(FakeBroker.header(broker.records().getFirst(), "ce_causationid"))
                .isEqualTo("mnist/3/snapshot");
    }

    @Test
    void shouldWaitWithoutLimitWhileTheBrokerIsAway() {
        for (int i = 0; i < 500; i++) {
            broker.failNext(new TimeoutException("no broker"));
        }
        broker.failNext(new NotEnoughReplicasException("1 of 2"));

        publisher.publish(event);

        assertThat(broker.records()).hasSize(1);
        assertThat(time.elapsed()).isGreaterThan(Duration.ofHours(1));
        assertThat(availability.readiness().isReady()).isTrue();
    }

    @Test
    void shouldThrowAtOnceForAPermanentErrorAndNotCallItAnOutage() {
        broker.failNext(new RecordTooLargeException("1087007 bytes"));

        assertThatThrownBy(() -> publisher.publish(event))
                .isInstanceOf(PublishingException.class)
                .hasMessageContaining("1087007 bytes");
        assertThat(time.pauses()).isEmpty();
        assertThat(availability.waiting()).isEmpty();
    }

    @Test
    void shouldEndTheWaitWhenInterrupted() {
        broker.failNext(new TimeoutException("no broker"));
        time.onPause(() -> Thread.currentThread().interrupt());

        assertThatThrownBy(() -> publisher.publish(event))
                .isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
