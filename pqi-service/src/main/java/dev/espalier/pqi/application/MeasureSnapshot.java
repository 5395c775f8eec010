// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.pqi.domain.NonFiniteWeightException;
import dev.espalier.pqi.domain.PowerSumOverflowException;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectSource;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures a snapshot and stores the document. A snapshot that was measured before is not read
 * again: its document answers for it.
 */
public final class MeasureSnapshot {

    private final ObjectStore store;
    private final Measurements measurements;
    private final SnapshotMeasurer measurer;
    private final int windowBytes;

    /**
     * @param windowBytes fetched from the store at a time
     */
    public MeasureSnapshot(ObjectStore store, SnapshotMeasurer measurer, int windowBytes) {
        this.store = store;
        this.measurements = new Measurements(store);
        this.measurer = measurer;
        this.windowBytes = windowBytes;
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
        Mask mask = mask(snapshot.mask());
        MeasuredSnapshot measured =
                verified(
                        snapshot.weights(),
                        weights -> measurer.measure(weights, mask, snapshot.pairs()));
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

    private Mask mask(@Nullable ArtifactRef ref) {
        return ref == null ? Mask.DENSE : verified(ref, MaskCodec::read);
    }

    private interface Reading<T> {
        T from(VerifyingSource source) throws IOException;
    }

    /**
     * Reads an artefact and checks its digest. Where the reading fails, the digest is checked all
     * the same: bytes that are not those of the reference explain every other fault.
     */
    private <T> T verified(ArtifactRef ref, Reading<T> reading) {
        try (var source = new VerifyingSource(ObjectSource.open(store, ref), ref, windowBytes)) {
            T result;
            try {
                result = reading.from(source);
            } catch (SafetensorsException
                    | NonFiniteWeightException
                    | PowerSumOverflowException e) {
                source.verify();
                throw e;
            }
            source.verify();
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + ref.uri(), e);
        }
    }
}
