// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.transport.events.PatientSender;
import dev.espalier.transport.failure.Failure;
import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.objects.StoreUnavailableException;
import dev.espalier.transport.retry.RetrySchedule;
import dev.espalier.transport.testing.FakeBroker;
import dev.espalier.transport.testing.VirtualTime;
import dev.espalier.transport.time.SystemTime;
import dev.espalier.transport.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RecordPumpTest {

    private static final RetryPolicy POLICY =
            new RetryPolicy(new RetrySchedule(Duration.ofMillis(1), Duration.ofMillis(5)), 3);
    private static final PumpLimits LIMITS =
            new PumpLimits(8, 1 << 20, 2, 2, Duration.ofSeconds(60));
    private static final Failure.AboutTheEvent NEVER_REQUESTED =
            new Failure.AboutTheEvent("no run.requested");

    private final FakeBroker broker = new FakeBroker();
    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final List<RecordPump> pumps = new ArrayList<>();
    private long offset;

    private RecordPump pump(int permits, Time time, RecordHandler handler) {
        var working = new WorkPermits(permits, time);
        var availability = new Availability(time, EnumSet.noneOf(Dependency.class));
        var processor =
                new RecordProcessor(
                        handler,
                        new DeadLetters(
                                new PatientSender(
                                        broker, POLICY.schedule(), working, availability)),
                        POLICY,
                        working,
                        availability,
                        RecordObserver.NONE);
        var pump =
                new RecordPump(
                        processor,
                        working,
                        LIMITS,
                        task -> Thread.ofVirtual().name("pump").start(task));
        pumps.add(pump);
        return pump;
    }

    private CompletableFuture<Outcome> take(RecordPump pump, String key, String value) {
        return pump.take(
                        new ConsumerRecord<>(
                                "espalier.measurements", 0, offset++, key, value.getBytes(UTF_8)))
                .toCompletableFuture();
    }

    private static String value(ConsumerRecord<String, byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    @AfterEach
    void stop() {
        pumps.forEach(pump -> pump.stop(Duration.ofSeconds(5)));
    }

    @Test
    void shouldKeepTheOrderOfEachKey() {
        RecordPump pump =
                pump(
                        4,
                        new SystemTime(),
                        record -> {
                            handled.add(record.key() + value(record));
                            return Outcome.acknowledge();
                        });

        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            for (String key : List.of("a", "b", "c")) {
                outcomes.add(take(pump, key, Integer.toString(i)));
            }
        }
        outcomes.forEach(CompletableFuture::join);

        for (String key : List.of("a", "b", "c")) {
            assertThat(handled.stream().filter(name -> name.startsWith(key)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 500).mapToObj(i -> key + i).toList());
        }
        assertThat(pump.queued()).isZero();
    }

    @Test
    void shouldHandleOtherKeysWhileOneWaitsForAnOutageEvenWithOnePermit() {
        var isAway = new CountDownLatch(1);
        RecordPump pump =
                pump(
                        1,
                        new SystemTime(),
                        record -> {
                            if (record.key().equals("a") && isAway.getCount() > 0) {
                                throw new StoreUnavailableException("away", new IOException());
                            }
                            return Outcome.acknowledge();
                        });

        CompletableFuture<Outcome> waiting = take(pump, "a", "1");
        List<CompletableFuture<Outcome>> others =
                List.of(take(pump, "b", "1"), take(pump, "c", "1"), take(pump, "b", "2"));
        others.forEach(CompletableFuture::join);

        assertThat(waiting).isNotDone();
        isAway.countDown();
        assertThat(waiting.join()).isEqualTo(Outcome.acknowledge());
    }

    @Test
    void shouldWorkOnNoMoreRecordsThanPermitted() {
        var atWork = new AtomicInteger();
        var most = new AtomicInteger();
        var gate = new CountDownLatch(1);
        RecordPump pump =
                pump(
                        2,
                        new SystemTime(),
                        record -> {
                            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                            gate.await();
                            atWork.decrementAndGet();
                            return Outcome.acknowledge();
                        });

        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            outcomes.add(take(pump, "run-" + i, ""));
        }
        await().until(() -> atWork.get() == 2);
        gate.countDown();
        outcomes.forEach(CompletableFuture::join);

        assertThat(most.get()).isEqualTo(2);
    }

    @Test
    void shouldLeaveQueuedAndInterruptedRecordsWhenStopped() {
        var begun = new CountDownLatch(1);
        RecordPump pump =
                pump(
                        1,
                        new SystemTime(),
                        record -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                            return Outcome.acknowledge();
                        });
        CompletableFuture<Outcome> atWork = take(pump, "a", "1");
        CompletableFuture<Outcome> queued = take(pump, "a", "2");
        CompletableFuture<Outcome> other = take(pump, "b", "1");
        awaitQuietly(begun);

        pump.stop(Duration.ofSeconds(10));

        assertThat(List.of(atWork, queued, other))
                .allSatisfy(outcome -> assertThat(outcome.join()).isEqualTo(Outcome.leave()));
        assertThat(take(pump, "a", "3").join()).isEqualTo(Outcome.leave());
        assertThat(broker.records()).isEmpty();
    }

    @Test
    void shouldAcknowledgeSettledRecordsOnly() {
        var acknowledged = new AtomicInteger();
        var begun = new CountDownLatch(1);
        RecordPump pump =
                pump(
                        4,
                        new SystemTime(),
                        record -> {
                            if (record.key().equals("stuck")) {
                                begun.countDown();
                                new CountDownLatch(1).await();
                            }
                            if (record.key().equals("bad")) {
                                throw new IllegalStateException("bug");
                            }
                            return Outcome.acknowledge();
                        });

        for (String key : List.of("good", "bad", "stuck")) {
            var _ =
                    pump.take(
                            new ConsumerRecord<>("espalier.runs", 0, 1, key, new byte[1]),
                            () -> {
                                acknowledged.incrementAndGet();
                                return CompletableFuture.completedFuture(null);
                            });
        }
        awaitQuietly(begun);

        await().until(() -> acknowledged.get() == 2);
        pump.stop(Duration.ofSeconds(10));
        assertThat(acknowledged.get()).isEqualTo(2);
    }

    @Test
    void shouldTakeNoMoreRecordsThanThereIsRoom() {
        var gate = new CountDownLatch(1);
        RecordPump pump =
                pump(
                        1,
                        new SystemTime(),
                        record -> {
                            gate.await();
                            return Outcome.acknowledge();
                        });

        List<CompletableFuture<Void>> room = new ArrayList<>();
        for (int i = 0; i < LIMITS.records(); i++) {
            room.add(
                    pump.take(
                                    new ConsumerRecord<>("espalier.runs", 0, i, "a", new byte[1]),
                                    () -> CompletableFuture.completedFuture(null))
                            .toCompletableFuture());
        }

        assertThat(room.subList(0, LIMITS.records() - 1)).allMatch(CompletableFuture::isDone);
        assertThat(room.getLast()).isNotDone();
        gate.countDown();
        room.getLast().join();
    }

    private RecordPump pumpOfKnownRuns(Time time) {
        return pump(
                2,
                time,
                record -> {
                    handled.add(record.key() + value(record));
                    return known.contains(record.key())
                            ? Outcome.acknowledge()
                            : new Outcome.Park(value(record), NEVER_REQUESTED);
                });
    }

    @Test
    void shouldHandleParkedRecordsInOrderWhenTheirKeyIsWoken() {
        RecordPump pump = pumpOfKnownRuns(new VirtualTime());
        CompletableFuture<Outcome> first = take(pump, "a", "1");
        CompletableFuture<Outcome> second = take(pump, "a", "2");
        await().until(() -> pump.queued() == 0);
        handled.clear();

        known.add("a");
        pump.wake("a");

        assertThat(first.join()).isEqualTo(Outcome.acknowledge());
        assertThat(second.join()).isEqualTo(Outcome.acknowledge());
        assertThat(handled).containsExactly("a1", "a2");
        assertThat(pump.parkedKeys()).isZero();
    }

    @Test
    void shouldAcknowledgeAParkedRecordThatIsRepeatedAndNotRenewItsTime() {
        var time = new VirtualTime();
        RecordPump pump = pumpOfKnownRuns(time);
        CompletableFuture<Outcome> first = take(pump, "a", "1");
        await().until(() -> pump.queued() == 0);

        time.advance(Duration.ofSeconds(50));
        CompletableFuture<Outcome> repeated = take(pump, "a", "1");
        assertThat(first.join()).isEqualTo(Outcome.acknowledge());
        pump.tick();
        await().until(() -> pump.queued() == 0);
        assertThat(repeated).isNotDone();
        time.advance(Duration.ofSeconds(10));
        pump.tick();

        assertThat(repeated.join()).isEqualTo(Outcome.deadLetter(NEVER_REQUESTED));
        assertThat(broker.records()).hasSize(1);
    }

    @Test
    void shouldHandleAParkedRecordOnceMoreWhenItsTimeIsOver() {
        var time = new VirtualTime();
        RecordPump pump = pumpOfKnownRuns(time);
        CompletableFuture<Outcome> outcome = take(pump, "a", "1");
        await().until(() -> pump.queued() == 0);

        known.add("a");
        time.advance(Duration.ofSeconds(60));
        pump.tick();

        assertThat(outcome.join()).isEqualTo(Outcome.acknowledge());
    }

    @Test
    void shouldDeadLetterARecordForWhichTheWaitingRoomHasNoPlace() {
        RecordPump pump = pumpOfKnownRuns(new VirtualTime());
        List<CompletableFuture<Outcome>> parked =
                List.of(take(pump, "a", "1"), take(pump, "a", "2"), take(pump, "b", "1"));
        await().until(() -> pump.queued() == 0);

        assertThat(take(pump, "c", "1").join()).isEqualTo(Outcome.deadLetter(NEVER_REQUESTED));
        assertThat(take(pump, "a", "3").join()).isEqualTo(Outcome.deadLetter(NEVER_REQUESTED));
        assertThat(parked).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void shouldNotParkARecordIfItsKeyWasWokenMeanwhile() {
        var pump = new RecordPump[1];
        pump[0] =
                pump(
                        1,
                        new VirtualTime(),
                        record -> {
                            if (known.contains("a")) {
                                return Outcome.acknowledge();
                            }
                            // The run is requested between the look and the parking.
                            known.add("a");
                            pump[0].wake("a");
                            return new Outcome.Park("1", NEVER_REQUESTED);
                        });

        assertThat(take(pump[0], "a", "1").join()).isEqualTo(Outcome.acknowledge());
    }

    @Test
    void shouldLeaveParkedRecordsWhenStopped() {
        RecordPump pump = pumpOfKnownRuns(new VirtualTime());
        CompletableFuture<Outcome> parked = take(pump, "a", "1");
        await().until(() -> pump.queued() == 0);

        pump.stop(Duration.ofSeconds(5));

        assertThat(parked.join()).isEqualTo(Outcome.leave());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        await().until(() -> latch.getCount() == 0);
    }
}
