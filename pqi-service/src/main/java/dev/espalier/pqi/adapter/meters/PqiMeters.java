// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.observer;

import dev.espalier.pqi.application.MeasurementObserver;
import dev.espalier.schemas.event.EventType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;

/** The registry adds the units and {@code _total} to the names. */
@Singleton
final class PqiMeters implements MeasurementObserver {

    /** Time from the start of a measurement to its stored document, by how it ended. */
    private static final String MEASUREMENT = "espalier.measurement.duration";

    /** Records by type and by what became of them. */
    private static final String EVENTS = "espalier.events";

    /** Bytes between the service and the store. */
    private static final String TRANSFER = "espalier.artifact.transfer.bytes";

    private static final String TYPE = "type";
    private static final String OUTCOME = "outcome";
    private static final String DIRECTION = "direction";

    private final MeterRegistry registry;

    PqiMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void measured(Ending ending, Duration time) {
        registry.timer(MEASUREMENT, OUTCOME, label(ending)).record(time);
    }

    @Override
    public void handled(String type, Handling handling) {
        registry.counter(EVENTS, TYPE, type, OUTCOME, label(handling)).increment();
    }

    @Override
    public void retried() {
        String type = EventType.SNAPSHOT_PUBLISHED.typeName();
        registry.counter(EVENTS, TYPE, type, OUTCOME, "retried").increment();
    }

    @Override
    public void downloaded(long bytes) {
        transferred("download", bytes);
    }

    @Override
    public void uploaded(long bytes) {
        transferred("upload", bytes);
    }

    private void transferred(String direction, long bytes) {
        registry.counter(TRANSFER, DIRECTION, direction, OUTCOME, "success")
                .increment((double) bytes);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
