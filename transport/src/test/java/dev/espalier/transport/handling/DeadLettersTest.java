// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.Topic;
import dev.espalier.transport.events.PatientSender;
import dev.espalier.transport.events.PublishingException;
import dev.espalier.transport.failure.Failure;
import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.retry.RetrySchedule;
import dev.espalier.transport.testing.FakeBroker;
import dev.espalier.transport.testing.VirtualTime;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class DeadLettersTest {

    private static final Failure FAILURE = new Failure.AboutTheEvent("the data is not JSON");

    private final VirtualTime time = new VirtualTime();
    private final FakeBroker broker = new FakeBroker();
    private final DeadLetters deadLetters =
            new DeadLetters(
                    new PatientSender(
                            broker,
                            new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(15)),
                            time,
                            new Availability(time, EnumSet.noneOf(Dependency.class))));

    @Test
    void shouldKeepTheRecordAndSayWhereItWasAndWhy() {
        ConsumerRecord<String, byte[]> record = record("mnist", 10);
        record.headers().add("ce_id", "mnist/3/snapshot".getBytes(UTF_8));
        record.headers().add(DeadLetters.REASON, "an earlier reason".getBytes(UTF_8));

        deadLetters.write(record, FAILURE);

        ProducerRecord<String, byte[]> letter = only();
        assertThat(letter.topic()).isEqualTo("espalier.runs.dlq");
        assertThat(letter.key()).isEqualTo("mnist");
        assertThat(letter.value()).isEqualTo(record.value());
        assertThat(letter.headers().headers(DeadLetters.REASON)).hasSize(1);
        assertThat(FakeBroker.header(letter, "ce_id")).isEqualTo("mnist/3/snapshot");
        assertThat(FakeBroker.header(letter, "dead-letter-reason"))
                .isEqualTo("the data is not JSON");
        assertThat(FakeBroker.header(letter, "dead-letter-code")).isEqualTo("event-invalid");
        assertThat(FakeBroker.header(letter, "dead-letter-topic")).isEqualTo("espalier.runs");
        assertThat(FakeBroker.header(letter, "dead-letter-partition")).isEqualTo("3");
        assertThat(FakeBroker.header(letter, "dead-letter-offset")).isEqualTo("52");
        assertThat(FakeBroker.header(letter, "dead-letter-omitted")).isNull();
    }

    @Test
    void shouldFitForAnyRecordOfLegalSize() {
        broker.maxBytes(Topic.MAX_DEAD_LETTER_BYTES);
        var longest = new Failure.AboutTheEvent("x".repeat(1 << 20));

        deadLetters.write(record("mnist", Topic.MAX_EVENT_BYTES - 10), longest);

        assertThat(only().value()).hasSize(Topic.MAX_EVENT_BYTES - 10);
        assertThat(FakeBroker.header(only(), "dead-letter-reason")).hasSizeLessThan(1025);
    }

    @Test
    void shouldLeaveOutTheValueOfARecordThatDoesNotFit() {
        broker.maxBytes(Topic.MAX_DEAD_LETTER_BYTES);
        ConsumerRecord<String, byte[]> record = record("mnist", 4 << 20);
        record.headers().add("ce_id", "mnist/3/snapshot".getBytes(UTF_8));

        deadLetters.write(record, FAILURE);

        assertThat(only().value()).isNull();
        assertThat(FakeBroker.header(only(), "ce_id")).isEqualTo("mnist/3/snapshot");
        assertThat(FakeBroker.header(only(), "dead-letter-offset")).isEqualTo("52");
        assertThat(FakeBroker.header(only(), "dead-letter-omitted"))
                .isEqualTo("value: 4194304 bytes of value");
    }

    @Test
    void shouldLeaveOutHeadersAndKeyThatDoNotFit() {
        broker.maxBytes(1000);
        ConsumerRecord<String, byte[]> record = record("k".repeat(5000), 10);
        record.headers().add("ce_type", new byte[5000]);

        deadLetters.write(record, FAILURE);

        assertThat(only().key()).isNull();
        assertThat(FakeBroker.header(only(), "ce_type")).isNull();
        assertThat(FakeBroker.header(only(), "dead-letter-partition")).isEqualTo("3");
    }

    @Test
    void shouldThrowIfNothingFits() {
        broker.maxBytes(1);

        assertThatThrownBy(() -> deadLetters.write(record("mnist", 10), FAILURE))
                .isInstanceOf(PublishingException.class);
    }

    @Test
    void shouldWaitForTheBroker() {
        broker.failNext(new TimeoutException("away"));
        broker.failNext(new TimeoutException("away"));

        deadLetters.write(record("mnist", 10), FAILURE);

        assertThat(only().value()).hasSize(10);
        assertThat(time.pauses()).hasSize(2);
    }

    private ProducerRecord<String, byte[]> only() {
        assertThat(broker.records()).hasSize(1);
        return broker.records().getFirst();
    }

    private static ConsumerRecord<String, byte[]> record(String key, int bytes) {
        return new ConsumerRecord<>("espalier.runs", 3, 52, key, new byte[bytes]);
    }
}
