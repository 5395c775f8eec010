// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.pqi.domain.NonFiniteWeightException;
import dev.espalier.pqi.domain.PowerSumOverflowException;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Measures a snapshot and stores the document. A snapshot that was measured before is not read
 * again: its document answers for it.
 */
public final class MeasureSnapshot {

    private final Measurements measurements;
    private final SnapshotMeasurer measurer;
    private final Artifacts artifacts;

    /**
     * @param folder for temporary files
     */
    public MeasureSnapshot(
            ObjectStore store, SnapshotMeasurer measurer, ReadAhead readAhead, Path folder) {
        this.measurements = new Measurements(store, folder);
        this.measurer = measurer;
        this.artifacts = new Artifacts(store, readAhead, folder);
    }

    /**
     * @throws dev.espalier.transport.objects.StoreUnavailableException if the store is away; the
     *     snapshot may be measured later
     */
    public MeasurementOutcome measure(SnapshotPublished snapshot) {
        try {
            Optional<StoredMeasurement> known = measurements.find(snapshot);
            StoredMeasurement stored =
                    known.isPresent()
                            ? known.get()
                            : measurements.keep(snapshot, document(snapshot));
            return new MeasurementOutcome.Measured(stored.event(snapshot), known.isPresent());
        } catch (NonFiniteWeightException e) {
            return failed(snapshot, "weight-not-finite", e);
        } catch (PowerSumOverflowException e) {
            return failed(snapshot, "sum-out-of-range", e);
        } catch (SafetensorsException e) {
            return failed(snapshot, "weights-invalid", e);
        } catch (CorruptArtifactException e) {
            return failed(snapshot, "artifact-corrupt", e);
        } catch (InvalidDocumentException e) {
            return failed(snapshot, "measurement-invalid", e);
        } catch (MeasurementConflictException e) {
            return failed(snapshot, "measurement-conflict", e);
        }
    }

    /** What is said of a snapshot whose store stayed away for too long. */
    public MeasurementOutcome.Failed givenUp(SnapshotPublished snapshot, RuntimeException cause) {
        return failed(snapshot, "store-unavailable", cause);
    }

    /** What is said of a snapshot on which the service itself failed. */
    public MeasurementOutcome.Failed broken(SnapshotPublished snapshot, RuntimeException cause) {
        return failed(snapshot, MeasurementOutcome.Failed.UNEXPECTED, cause);
    }

    private static MeasurementOutcome.Failed failed(
            SnapshotPublished snapshot, String code, RuntimeException cause) {
        Reason reason = new Reason(code, String.valueOf(cause.getMessage()));
        return new MeasurementOutcome.Failed(
                new MeasurementFailed(snapshot.runId(), snapshot.iteration(), snapshot, reason),
                cause);
    }

    private Measurement document(SnapshotPublished snapshot) {
        MeasuredSnapshot measured;
        try (OpenMask mask = artifacts.mask(snapshot.mask())) {
            measured =
                    artifacts.verified(
                            snapshot.weights(),
                            weights -> measurer.measure(weights, mask.mask(), snapshot.pairs()));
        }
        return new Measurement(
                snapshot.runId(),
                snapshot.iteration(),
                snapshot.weights(),
                snapshot.mask(),
                measured.exponents(),
                measured.pairs(),
                measured.tensors(),
                measured.excluded());
    }
}
