// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EventType;
import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.time.SystemTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetersTest {

    private static final ObjectKey KEY = ObjectKey.decision(new RunId("run-1"), 0);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void shouldCountEventsFromZero() {
        var events =
                new EventMeters(
                        registry,
                        EnumSet.of(EventType.RUN_REQUESTED),
                        EnumSet.of(EventType.RUN_STATUS));

        assertThat(registry.find("espalier.events").counters())
                .hasSize(EventOutcome.values().length + 1)
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
        events.taken(EventType.RUN_REQUESTED, EventOutcome.DUPLICATE);
        events.malformed();
        events.published(EventType.RUN_STATUS);

        assertThat(
                        count(
                                "espalier.events",
                                "type",
                                "dev.espalier.run.requested.v1",
                                "outcome",
                                "duplicate"))
                .isEqualTo(1);
        assertThat(count("espalier.events", "type", "unknown", "outcome", "dead-lettered"))
                .isEqualTo(1);
        assertThat(count("espalier.events.published", "type", "dev.espalier.run.status.v1"))
                .isEqualTo(1);
    }

    @Test
    void shouldCountAndTimeWhatMovesToAndFromTheStore() {
        var store = new MeteredStore(new MemoryObjectStore(), registry);

        store.createIfAbsent(KEY, new byte[70]);
        store.read(KEY);
        store.readRange(KEY, 10, MemorySegment.ofArray(new byte[5]));
        assertThatThrownBy(() -> store.readRange(KEY, 68, MemorySegment.ofArray(new byte[5])));

        assertThat(count("espalier.artifact.transfer.bytes", "direction", "upload")).isEqualTo(70);
        assertThat(count("espalier.artifact.transfer.bytes", "direction", "download"))
                .isEqualTo(75);
        assertThat(requests("download", "success")).isEqualTo(2);
        assertThat(requests("download", "failure")).isEqualTo(1);
        assertThat(requests("upload", "success")).isEqualTo(1);
        assertThat(requests("upload", "failure")).isZero();
    }

    @Test
    void shouldShowWhenADependencyLastAnswered() {
        var time = new SystemTime();
        var availability = new Availability(time, EnumSet.of(Dependency.BROKER));
        AvailabilityMeters.register(registry, availability, time, EnumSet.allOf(Dependency.class));

        assertThat(gauge("espalier.dependency.last.success.timestamp", "broker")).isZero();
        availability.succeeded(Dependency.BROKER);
        var wait = availability.waitFor(Dependency.DISK, "the disk is full");

        assertThat(gauge("espalier.dependency.last.success.timestamp", "broker"))
                .isCloseTo(System.currentTimeMillis() / 1000.0, within(60.0));
        assertThat(gauge("espalier.dependency.last.success.timestamp", "store")).isZero();
        assertThat(gauge("espalier.dependency.waits", "disk")).isEqualTo(1);
        wait.close();
        assertThat(gauge("espalier.dependency.waits", "disk")).isZero();
    }

    private double gauge(String name, String dependency) {
        return registry.get(name).tag("dependency", dependency).gauge().value();
    }

    @Test
    void shouldHaveBucketsForPercentiles() {
        new WorkTimer(registry, "espalier.x.duration", "X", Set.of(WorkOutcome.SUCCESS));

        assertThat(registry.get("espalier.x.duration").timer().takeSnapshot().histogramCounts())
                .hasSize(16);
    }

    private long requests(String direction, String outcome) {
        return registry.get("espalier.artifact.transfer.duration")
                .tags("direction", direction, "outcome", outcome)
                .timer()
                .count();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }
}
