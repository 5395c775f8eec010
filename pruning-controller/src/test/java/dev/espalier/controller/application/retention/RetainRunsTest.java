// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.application.retention.RetainRuns.KnownRun;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RetainRunsTest {

    private static final Instant NOW = Instant.parse("2026-06-30T12:00:00Z");
    private static final RunId OLD = new RunId("old");
    private static final RunId NEW = new RunId("new");
    private static final RunId LIVING = new RunId("living");
    private static final List<KnownRun> RUNS =
            List.of(
                    new KnownRun(NEW, NOW.minus(Duration.ofDays(2))),
                    new KnownRun(LIVING, null),
                    new KnownRun(OLD, NOW.minus(Duration.ofDays(40))));

    private final MemoryObjectStore store = new MemoryObjectStore();

    RetainRunsTest() {
        for (KnownRun known : RUNS) {
            store.createIfAbsent(ObjectKey.specification(known.run()), new byte[1]);
            store.createIfAbsent(ObjectKey.initial(known.run()), new byte[10]);
            for (int t = 0; t < 5; t++) {
                store.createIfAbsent(ObjectKey.weights(known.run(), t), new byte[10]);
                store.createIfAbsent(ObjectKey.mask(known.run(), t), new byte[4]);
                store.createIfAbsent(ObjectKey.decision(known.run(), t), new byte[1]);
            }
        }
    }

    private Map<RunId, Long> sweep(RetentionLimits limits) {
        return new RetainRuns(store, limits, new FixedTime()).sweep(RUNS);
    }

    @Test
    void shouldKeepEverythingWithoutALimit() {
        Map<RunId, Long> bytes = sweep(RetentionLimits.NONE);

        assertThat(bytes)
                .containsEntry(OLD, 86L)
                .containsEntry(NEW, 86L)
                .containsEntry(LIVING, 86L);
        assertThat(store.list("runs/")).hasSize(3 * 17);
    }

    @Test
    void shouldKeepFirstAndLastIterationAndAllDecisionsAfterTheTime() {
        Map<RunId, Long> bytes = sweep(new RetentionLimits(Duration.ofDays(30), null));

        assertThat(bytes)
                .containsEntry(OLD, 44L)
                .containsEntry(NEW, 86L)
                .containsEntry(LIVING, 86L);
        assertThat(store.list("runs/old/"))
                .contains(
                        ObjectKey.specification(OLD),
                        ObjectKey.initial(OLD),
                        ObjectKey.weights(OLD, 0),
                        ObjectKey.weights(OLD, 4),
                        ObjectKey.mask(OLD, 4),
                        ObjectKey.decision(OLD, 2))
                .doesNotContain(ObjectKey.weights(OLD, 1), ObjectKey.mask(OLD, 3));
    }

    @Test
    void shouldRemoveTheRunThatEndedFirstWhenTheStoreIsFull() {
        Map<RunId, Long> bytes = sweep(new RetentionLimits(null, 230L));

        assertThat(bytes).containsEntry(OLD, 44L).containsEntry(NEW, 86L);
    }

    @Test
    void shouldNeverTouchARunThatIsNotOver() {
        Map<RunId, Long> bytes = sweep(new RetentionLimits(Duration.ZERO, 0L));

        assertThat(bytes).containsEntry(LIVING, 86L).containsEntry(NEW, 44L);
        assertThat(sweep(new RetentionLimits(Duration.ZERO, 0L))).isEqualTo(bytes);
    }

    private static final class FixedTime implements Time {

        @Override
        public Instant now() {
            return NOW;
        }

        @Override
        public Duration elapsed() {
            return Duration.ZERO;
        }

        @Override
        public void pause(Duration duration) {
            throw new UnsupportedOperationException();
        }
    }
}
