// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.testing;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other services, as far as the controller sees them: weights in the store, measurements. */
public final class LoopFixture {

    private final ObjectStore store;
    private final RunId run;

    public LoopFixture(ObjectStore store, RunId run) {
        this.store = store;
        this.run = run;
    }

    public RunId run() {
        return run;
    }

    /** Weights are trained and stored. */
    public SnapshotPublished snapshot(int iteration, byte[] weights, @Nullable ArtifactRef mask) {
        return snapshot(iteration, weights, mask, 0.9);
    }

    private SnapshotPublished snapshot(
            int iteration, byte[] weights, @Nullable ArtifactRef mask, double accuracy) {
        return new SnapshotPublished(
                run,
                iteration,
                put(ObjectKey.weights(run, iteration), weights),
                mask,
                List.of(new Metric("accuracy", "test", accuracy)),
                NormPair.DEFAULTS);
    }

    /** The snapshot is measured. */
    public CompressibilityMeasured measured(
            int iteration, Weights weights, @Nullable ArtifactRef mask) {
        return measured(iteration, weights, mask, 0.9);
    }

    /** The same with another accuracy. */
    public CompressibilityMeasured measured(
            int iteration, Weights weights, @Nullable ArtifactRef mask, double accuracy) {
        SnapshotPublished snapshot = snapshot(iteration, weights.bytes(), mask, accuracy);
        var measurement =
                new Measurement(
                        run,
                        iteration,
                        snapshot.weights(),
                        mask,
                        Weights.EXPONENTS,
                        snapshot.pairs(),
                        weights.measured(read(mask)),
                        List.of());
        return measured(snapshot, measurement);
    }

    public CompressibilityMeasured measured(SnapshotPublished snapshot, Measurement measurement) {
        return new CompressibilityMeasured(
                run,
                snapshot.iteration(),
                snapshot,
                put(ObjectKey.measurement(run, snapshot.iteration()), Json.bytes(measurement)),
                measurement.total(),
                PowerSums.none(measurement.exponents()),
                List.of(),
                List.of());
    }

    public MeasurementFailed failed(SnapshotPublished snapshot, Reason reason) {
        return new MeasurementFailed(run, snapshot.iteration(), snapshot, reason);
    }

    /** The mask that a reference names. */
    public Mask read(@Nullable ArtifactRef ref) {
        if (ref == null) {
            return Mask.DENSE;
        }
        try {
            return MaskCodec.read(new HeapSource(ref.uri(), store.read(ref.key()).orElseThrow()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ArtifactRef put(ObjectKey key, byte[] content) {
        try {
            Path file = Files.createTempFile("espalier-test-", ".tmp");
            try {
                Files.write(file, content);
                return store.upload(key, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
