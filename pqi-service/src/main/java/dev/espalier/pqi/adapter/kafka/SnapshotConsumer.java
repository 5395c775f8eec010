// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.kafka;

import dev.espalier.pqi.application.MeasureSnapshot;
import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.schemas.event.SnapshotPublished;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** One snapshot after the other. */
@Singleton
final class SnapshotConsumer implements Work<SnapshotPublished> {

    private final RecordHandler handler;
    private final MeasureSnapshot measureSnapshot;

    SnapshotConsumer(RecordHandler handler, MeasureSnapshot measureSnapshot) {
        this.handler = handler;
        this.measureSnapshot = measureSnapshot;
    }

    @Incoming("snapshots")
    @Blocking
    CompletionStage<Void> onRecord(Message<byte[]> message) {
        return handler.handle(message, SnapshotPublished.class, this);
    }

    @Override
    public MeasurementOutcome measure(SnapshotPublished event) {
        return measureSnapshot.measure(event);
    }

    @Override
    public SnapshotPublished snapshot(SnapshotPublished event) {
        return event;
    }

    @Override
    public void published(SnapshotPublished event) {}
}
