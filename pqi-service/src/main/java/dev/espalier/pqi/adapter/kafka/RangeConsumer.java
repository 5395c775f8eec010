// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.kafka;

import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.pqi.application.range.MeasureRange;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** One range after the other, beside the snapshots that are small. */
@Singleton
final class RangeConsumer implements Work<RangeRequested> {

    private final RecordHandler handler;
    private final MeasureRange measureRange;

    RangeConsumer(RecordHandler handler, MeasureRange measureRange) {
        this.handler = handler;
        this.measureRange = measureRange;
    }

    @Incoming("ranges")
    @Blocking
    CompletionStage<Void> onRecord(Message<byte[]> message) {
        return handler.handle(message, RangeRequested.class, this);
    }

    @Override
    public MeasurementOutcome measure(RangeRequested event) {
        return measureRange.measure(event);
    }

    @Override
    public SnapshotPublished snapshot(RangeRequested event) {
        return event.snapshot();
    }

    @Override
    public void published(RangeRequested event) {
        measureRange.tidyUp(event.snapshot());
    }
}
