// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.PatientSender;
import dev.espalier.transport.failure.Failure;
import dev.espalier.transport.failure.FailureException;
import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.objects.StoreUnavailableException;
import dev.espalier.transport.retry.RetrySchedule;
import dev.espalier.transport.testing.FakeBroker;
import dev.espalier.transport.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RecordProcessorTest {

    private static final RetryPolicy POLICY =
            new RetryPolicy(new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(15)), 3);

    private final VirtualTime time = new VirtualTime();
    private final FakeBroker broker = new FakeBroker();
    private final Availability availability =
            new Availability(time, EnumSet.noneOf(Dependency.class));
    private final List<String> told = new ArrayList<>();
    private final ConsumerRecord<String, byte[]> record =
            new ConsumerRecord<>("espalier.snapshots", 2, 52, "mnist", "{}".getBytes(UTF_8));

    private int calls;

    /** Fails as often as there are failures, then acknowledges. */
    private RecordProcessor failing(int times, Throwable failure) {
        return processor(
                new RecordHandler() {
                    @Override
                    public Outcome handle(ConsumerRecord<String, byte[]> handled)
                            throws InterruptedException {
                        if (calls++ < times) {
                            sneak(failure);
                        }
                        return Outcome.acknowledge();
                    }

                    @Override
                    public void beforeDeadLetter(
                            ConsumerRecord<String, byte[]> handled, Failure why) {
                        told.add(handled.key() + " " + why.code());
                    }
                });
    }

    private RecordProcessor processor(RecordHandler handler) {
        return new RecordProcessor(
                handler,
                new DeadLetters(new PatientSender(broker, POLICY.schedule(), time, availability)),
                POLICY,
                time,
                availability,
                RecordObserver.NONE);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    @AfterEach
    void shouldWaitForNothingAtTheEnd() {
        assertThat(availability.waiting()).isEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void shouldAcknowledgeWhatTheHandlerAcknowledges() {
        assertThat(failing(0, new AssertionError()).process(record))
                .isEqualTo(Outcome.acknowledge());
        assertThat(broker.records()).isEmpty();
    }

    @Test
    void shouldWaitWithoutLimitForATransientFailure() {
        var outage = new StoreUnavailableException("HTTP 503", new IOException());

        Outcome outcome = failing(500, outage).process(record);

        assertThat(outcome).isEqualTo(Outcome.acknowledge());
        assertThat(time.elapsed()).isGreaterThan(Duration.ofHours(1));
        assertThat(broker.records()).isEmpty();
    }

    @Test
    void shouldSayWhatItWaitsForDuringATransientFailure() {
        List<String> waits = new ArrayList<>();
        time.onPause(() -> availability.waiting().forEach(wait -> waits.add(wait.what())));

        var _ =
                failing(2, new StoreUnavailableException("HTTP 503", new IOException()))
                        .process(record);

        assertThat(waits).containsExactly("HTTP 503", "HTTP 503");
    }

    @Test
    void shouldRetryAnUnexpectedFailureWithinItsBudget() {
        Outcome outcome = failing(2, new IllegalStateException("bug")).process(record);

        assertThat(outcome).isEqualTo(Outcome.acknowledge());
        assertThat(time.pauses()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(told).isEmpty();
    }

    @Test
    void shouldDeadLetterAfterTheBudgetOfUnexpectedFailuresAndTellTheRun() {
        var bug = new IllegalStateException("bug");

        Outcome outcome = failing(3, bug).process(record);

        assertThat(outcome).isEqualTo(Outcome.deadLetter(new Failure.Unexpected(bug)));
        assertThat(calls).isEqualTo(3);
        assertThat(told).containsExactly("mnist internal-error");
        assertThat(broker.records()).hasSize(1);
    }

    @Test
    void shouldHandleErrorsLikeExceptions() {
        Outcome outcome = failing(3, new StackOverflowError()).process(record);

        assertThat(outcome).isInstanceOf(Outcome.DeadLetter.class);
        assertThat(broker.records()).hasSize(1);
    }

    @Test
    void shouldNotCountTransientFailuresAgainstTheBudget() {
        RecordProcessor processor =
                processor(
                        handled -> {
                            calls++;
                            if (calls % 2 == 1 && calls < 20) {
                                throw new StoreUnavailableException("away", new IOException());
                            }
                            if (calls < 4) {
                                throw new IllegalStateException("bug");
                            }
                            return Outcome.acknowledge();
                        });

        assertThat(processor.process(record)).isEqualTo(Outcome.acknowledge());
    }

    @Test
    void shouldDeadLetterAMalformedRecordAtOnce() {
        Outcome outcome = failing(1, new MalformedEventException("no JSON")).process(record);

        assertThat(outcome).isEqualTo(Outcome.deadLetter(new Failure.AboutTheEvent("no JSON")));
        assertThat(calls).isEqualTo(1);
        assertThat(told).containsExactly("mnist event-invalid");
    }

    @Test
    void shouldDeadLetterAFactAboutTheBytesAtOnce() {
        var _ =
                failing(1, FailureException.aboutTheBytes("artifact-corrupt", "wrong sha256"))
                        .process(record);

        assertThat(calls).isEqualTo(1);
        assertThat(FakeBroker.header(broker.records().getFirst(), DeadLetters.CODE))
                .isEqualTo("artifact-corrupt");
    }

    @Test
    void shouldWriteTheDeadLetterEvenIfTheRunCannotBeTold() {
        RecordProcessor processor =
                processor(
                        new RecordHandler() {
                            @Override
                            public Outcome handle(ConsumerRecord<String, byte[]> handled) {
                                throw new MalformedEventException("no JSON");
                            }

                            @Override
                            public void beforeDeadLetter(
                                    ConsumerRecord<String, byte[]> handled, Failure why) {
                                throw new IllegalStateException("bug in here too");
                            }
                        });

        assertThat(processor.process(record)).isInstanceOf(Outcome.DeadLetter.class);
        assertThat(broker.records()).hasSize(1);
    }

    @Test
    void shouldLeaveTheRecordWhenStopped() {
        RecordProcessor processor =
                failing(
                        Integer.MAX_VALUE,
                        new StoreUnavailableException("away", new IOException()));
        time.onPause(processor::stop);

        assertThat(processor.process(record)).isEqualTo(Outcome.leave());
        assertThat(processor.process(record)).isEqualTo(Outcome.leave());
        assertThat(broker.records()).isEmpty();
    }

    @Test
    void shouldLeaveTheRecordWhenInterrupted() {
        RecordProcessor processor =
                processor(
                        handled -> {
                            throw new InterruptedException();
                        });

        assertThat(processor.process(record)).isEqualTo(Outcome.leave());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void shouldLeaveTheRecordIfItsFailureComesFromTheInterruption() {
        RecordProcessor processor =
                processor(
                        handled -> {
                            Thread.currentThread().interrupt();
                            throw new IllegalStateException("closed by interrupt");
                        });

        assertThat(processor.process(record)).isEqualTo(Outcome.leave());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(broker.records()).isEmpty();
    }

    @Test
    void shouldLetTheDeathOfASimulatedProcessPass() {
        var killed = new ProcessKilledError("killed") {};

        assertThatThrownBy(() -> failing(1, killed).process(record)).isSameAs(killed);
        assertThat(calls).isEqualTo(1);
    }
}
