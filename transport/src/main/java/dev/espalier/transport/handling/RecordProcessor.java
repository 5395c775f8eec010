// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import dev.espalier.schemas.ForeignText;
import dev.espalier.transport.events.PublishingException;
import dev.espalier.transport.failure.Failure;
import dev.espalier.transport.failure.Failures;
import dev.espalier.transport.health.Availability;
import dev.espalier.transport.time.Time;
import dev.espalier.transport.time.WaitInterruptedException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles one record on the caller's thread until it is acknowledged, dead-lettered, parked or
 * left. Has no thread of its own. Safe for use by several threads.
 *
 * <ul>
 *   <li>A transient failure is retried without limit. The {@link Availability} says what for.
 *   <li>An unexpected failure is retried a few times, then the record becomes a dead letter.
 *   <li>Any other failure makes the record a dead letter at once.
 * </ul>
 */
public final class RecordProcessor {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecordProcessor.class);

    private final RecordHandler handler;
    private final DeadLetters deadLetters;
    private final RetryPolicy policy;
    private final Time time;
    private final Availability availability;
    private final RecordObserver observer;
    private volatile boolean isStopping;

    public RecordProcessor(
            RecordHandler handler,
            DeadLetters deadLetters,
            RetryPolicy policy,
            Time time,
            Availability availability,
            RecordObserver observer) {
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.policy = policy;
        this.time = time;
        this.availability = availability;
        this.observer = observer;
    }

    /** From now on, failing and new records are left. */
    public void stop() {
        isStopping = true;
    }

    /**
     * Handles a record.
     *
     * @return what has become of it; a {@link Outcome.DeadLetter} is written
     */
    public Outcome process(ConsumerRecord<String, byte[]> record) {
        Duration start = time.elapsed();
        Outcome outcome;
        try {
            outcome = settle(record, attempt(record));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = Outcome.leave();
        } catch (WaitInterruptedException e) {
            outcome = Outcome.leave();
        }
        switch (outcome) {
            case Outcome.Acknowledge _ ->
                    observer.acknowledged(record, time.elapsed().minus(start));
            case Outcome.DeadLetter letter -> observer.deadLettered(record, letter.failure());
            case Outcome.Park _ -> observer.parked(record);
            case Outcome.Leave _ -> {
                LOGGER.info("Left for redelivery: record={}", name(record));
                observer.left(record);
            }
        }
        return outcome;
    }

    /** Handles a parked record a last time. A record that would wait again is a dead letter. */
    Outcome processLast(ConsumerRecord<String, byte[]> record) {
        Outcome outcome = process(record);
        return outcome instanceof Outcome.Park(String _, Failure.AboutTheEvent afterwards)
                ? refuse(record, afterwards)
                : outcome;
    }

    private Outcome attempt(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        int unexpected = 0;
        int failures = 0;
        Availability.@Nullable Wait wait = null;
        try {
            while (!isStopping) {
                Failure failure;
                try {
                    return handler.handle(record);
                } catch (InterruptedException | WaitInterruptedException | ProcessKilledError e) {
                    throw e;
                } catch (Throwable e) { // The message boundary: Errors too.
                    if (isStopping || Thread.currentThread().isInterrupted()) {
                        return Outcome.leave();
                    }
                    failure = Failures.classify(e);
                }
                failures++;
                switch (failure) {
                    case Failure.Transient outage -> wait = waiting(record, wait, outage);
                    case Failure.Unexpected error -> {
                        unexpected++;
                        log(record, error, unexpected);
                        if (unexpected >= policy.attempts()) {
                            return Outcome.deadLetter(failure);
                        }
                    }
                    case Failure.AboutTheBytes _,
                            Failure.AboutTheTrainer _,
                            Failure.AboutTheEvent _ -> {
                        return Outcome.deadLetter(failure);
                    }
                }
                observer.retried(record, failure);
                time.pause(policy.schedule().pause(failures));
            }
            return Outcome.leave();
        } finally {
            if (wait != null) {
                wait.close();
            }
        }
    }

    private Availability.Wait waiting(
            ConsumerRecord<String, byte[]> record,
            Availability.@Nullable Wait wait,
            Failure.Transient outage) {
        if (wait != null) {
            wait.update(outage.message());
            return wait;
        }
        LOGGER.warn(
                "Waiting for the {}: record={} error={}",
                outage.dependency().text(),
                name(record),
                outage.message());
        return availability.waitFor(outage.dependency(), outage.message());
    }

    private void log(ConsumerRecord<String, byte[]> record, Failure.Unexpected error, int attempt) {
        LOGGER.error(
                "Unexpected failure, attempt {} of {}: record={} error={}",
                attempt,
                policy.attempts(),
                name(record),
                error.message(),
                error.cause());
    }

    private Outcome settle(ConsumerRecord<String, byte[]> record, Outcome outcome)
            throws InterruptedException {
        return outcome instanceof Outcome.DeadLetter(Failure failure)
                ? written(record, failure)
                : outcome;
    }

    /** Writes a dead letter for a record that cannot or may not wait. */
    Outcome refuse(ConsumerRecord<String, byte[]> record, Failure failure) {
        try {
            Outcome outcome = written(record, failure);
            if (outcome instanceof Outcome.DeadLetter) {
                observer.deadLettered(record, failure);
            }
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.leave();
        } catch (WaitInterruptedException e) {
            return Outcome.leave();
        }
    }

    private Outcome written(ConsumerRecord<String, byte[]> record, Failure failure)
            throws InterruptedException {
        LOGGER.warn(
                "To the dead-letter topic: record={} code={} error={}",
                name(record),
                failure.code(),
                failure.message());
        try {
            handler.beforeDeadLetter(record, failure);
        } catch (WaitInterruptedException | ProcessKilledError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOGGER.error("The run is not told of the dead letter: record={}", name(record), e);
        }
        try {
            deadLetters.write(record, failure);
            return Outcome.deadLetter(failure);
        } catch (PublishingException e) {
            LOGGER.error("The dead letter cannot be written: record={}", name(record), e);
            return Outcome.leave();
        }
    }

    private static String name(ConsumerRecord<String, byte[]> record) {
        return "%s-%d@%d key=%s"
                .formatted(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.key() == null ? "none" : ForeignText.escaped(record.key()));
    }
}
