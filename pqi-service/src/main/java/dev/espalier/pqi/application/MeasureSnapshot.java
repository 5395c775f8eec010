// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.pqi.application.source.Artifacts;
import dev.espalier.pqi.application.source.MaskLease;
import dev.espalier.pqi.application.source.OpenSnapshot;
import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.objects.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures a snapshot and stores the document. A snapshot that was measured before is not read
 * again: its document answers for it. A large one is cut into ranges for all replicas.
 */
public final class MeasureSnapshot {

    private final Measurements measurements;
    private final SnapshotMeasurer measurer;
    private final Artifacts artifacts;
    private final RangeSize rangeSize;

    /** Measures every snapshot alone. */
    public MeasureSnapshot(
            ObjectStore store, SnapshotMeasurer measurer, ReadAhead readAhead, Path folder) {
        this(store, measurer, readAhead, folder, RangeSize.NONE);
    }

    /**
     * @param folder for temporary files
     */
    public MeasureSnapshot(
            ObjectStore store,
            SnapshotMeasurer measurer,
            ReadAhead readAhead,
            Path folder,
            RangeSize rangeSize) {
        this.measurements = new Measurements(store, folder);
        this.measurer = measurer;
        this.artifacts = new Artifacts(store, readAhead, folder);
        this.rangeSize = rangeSize;
    }

    /**
     * @throws dev.espalier.transport.objects.StoreUnavailableException if the store is away; the
     *     snapshot may be measured later
     */
    public MeasurementOutcome measure(SnapshotPublished snapshot) {
        return Failures.attempt(
                snapshot,
                () -> {
                    Optional<StoredMeasurement> known = measurements.find(snapshot);
                    if (known.isPresent()) {
                        return new MeasurementOutcome.Measured(known.get().event(snapshot), true);
                    }
                    List<RangeRequested> requests = cut(snapshot);
                    return requests.isEmpty()
                            ? measured(snapshot)
                            : new MeasurementOutcome.Cut(requests);
                });
    }

    private MeasurementOutcome measured(SnapshotPublished snapshot) {
        MeasuredSnapshot measured;
        try (MaskLease mask = artifacts.mask(snapshot.mask())) {
            measured =
                    artifacts.verified(
                            snapshot.weights(),
                            weights -> measurer.measure(weights, mask.mask(), snapshot.pairs()));
        }
        return new MeasurementOutcome.Measured(
                measurements.keep(snapshot, measured).event(snapshot), false);
    }

    /** Empty where one replica measures the snapshot: it is small, or no file that can be cut. */
    private List<RangeRequested> cut(SnapshotPublished snapshot) {
        if (snapshot.weights().sizeBytes() <= rangeSize.above()) {
            return List.of();
        }
        int ranges;
        try (OpenSnapshot open = artifacts.open(snapshot)) {
            ranges = open.layout().ranges(rangeSize.bytes()).size();
        } catch (SafetensorsException e) {
            // Whether the file or its transfer is to blame is found out by reading all of it.
            return List.of();
        }
        if (ranges < 2) {
            return List.of();
        }
        List<RangeRequested> requests = new ArrayList<>(ranges + 1);
        requests.add(request(snapshot, null, ranges));
        for (int range = 0; range < ranges; range++) {
            requests.add(request(snapshot, range, ranges));
        }
        return requests;
    }

    private RangeRequested request(
            SnapshotPublished snapshot, @Nullable Integer range, int ranges) {
        return new RangeRequested(
                snapshot.runId(), snapshot.iteration(), snapshot, range, ranges, rangeSize.bytes());
    }
}
