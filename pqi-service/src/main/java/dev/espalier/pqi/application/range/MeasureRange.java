// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.range;

import dev.espalier.pqi.application.Failures;
import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.pqi.application.Measurements;
import dev.espalier.pqi.application.source.Artifacts;
import dev.espalier.pqi.application.source.OpenSnapshot;
import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures a range of a large snapshot and stores what it found; whoever then sees the parts of all
 * ranges puts them together to the document. Nothing but the store is needed to go on after a kill.
 * One range at a time: each takes all threads.
 */
public final class MeasureRange implements AutoCloseable {

    private final Measurements measurements;
    private final RangeParts parts;
    private final Artifacts artifacts;
    private final RangeReader reader;
    private final RangeMerger merger;
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable OpenSnapshot last;

    /**
     * @param folder for temporary files
     */
    public MeasureRange(
            ObjectStore store, SnapshotMeasurer measurer, ReadAhead readAhead, Path folder) {
        this.measurements = new Measurements(store, folder);
        this.parts = new RangeParts(store, folder);
        this.artifacts = new Artifacts(store, readAhead, folder);
        this.reader = new RangeReader(artifacts, measurer);
        this.merger = new RangeMerger(measurements, parts);
    }

    /**
     * @throws dev.espalier.transport.objects.StoreUnavailableException if the store is away; the
     *     range may be measured later
     */
    public MeasurementOutcome measure(RangeRequested request) {
        turn.lock();
        try {
            MeasurementOutcome outcome =
                    Failures.attempt(
                            request.snapshot(),
                            () -> known(request.snapshot()).orElseGet(() -> measured(request)));
            if (!(outcome instanceof MeasurementOutcome.Partial)) {
                release();
            }
            return outcome;
        } finally {
            turn.unlock();
        }
    }

    private MeasurementOutcome measured(RangeRequested request) {
        boolean repeated = parts.has(request);
        if (!repeated) {
            OpenSnapshot snapshot = open(request.snapshot());
            parts.keep(
                    request,
                    request.isDigest()
                            ? reader.digests(request, snapshot)
                            : reader.sums(request, snapshot));
        }
        // Somebody else may have put the parts together meanwhile, and removed them.
        if (!parts.areComplete(request)) {
            return known(request.snapshot())
                    .orElseGet(() -> new MeasurementOutcome.Partial(repeated));
        }
        try {
            return merger.merge(request, open(request.snapshot()));
        } catch (CorruptArtifactException e) {
            return known(request.snapshot()).orElseThrow(rethrowing(e));
        }
    }

    private static Supplier<RuntimeException> rethrowing(RuntimeException e) {
        return () -> e;
    }

    private Optional<MeasurementOutcome> known(SnapshotPublished snapshot) {
        return measurements
                .find(snapshot)
                .map(stored -> new MeasurementOutcome.Measured(stored.event(snapshot), true));
    }

    private OpenSnapshot open(SnapshotPublished snapshot) {
        if (last != null && last.isOf(snapshot)) {
            return last;
        }
        release();
        OpenSnapshot opened = artifacts.open(snapshot);
        last = opened;
        return opened;
    }

    private void release() {
        if (last != null) {
            last.close();
            last = null;
        }
    }

    /** To be called when the event of a measurement is out: the parts are not needed any more. */
    public void tidyUp(SnapshotPublished snapshot) {
        parts.removeAll(snapshot);
    }

    /** Lets go of the last snapshot, unless it is in use. */
    @Override
    public void close() {
        if (turn.tryLock()) {
            try {
                release();
            } finally {
                turn.unlock();
            }
        }
    }
}
