// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.objects.ArtifactFetcher;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.LocalArtifact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Brings snapshots, masks and measurements from the store. */
final class Snapshots {

    /** A longer measurement, such as one of a million rows, is read without a tree of it. */
    private static final long LONG_BYTES = 4L << 20;

    private final ArtifactFetcher fetcher;

    Snapshots(ArtifactFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /**
     * @param mask null where every weight is active
     * @throws CorruptArtifactException if something is not there, or not what its reference says
     * @throws dev.espalier.schemas.tensor.SafetensorsException if weights or mask are none
     * @throws dev.espalier.controller.domain.weights.UnusableSnapshotException if they do not
     *     belong together
     */
    Snapshot open(ArtifactRef weights, @Nullable ArtifactRef mask, ArtifactRef measurement)
            throws IOException {
        Measurement measured = measurement(weights, mask, measurement);
        ByteSource source = fetcher.fetch(weights);
        OpenMask open = null;
        try {
            open = mask(mask);
            MaskedWeights masked = MaskedWeights.read(source, open.mask());
            masked.requireMeasured(measured.tensors());
            return new Snapshot(source, open, masked, measured);
        } catch (IOException | RuntimeException e) {
            source.close();
            if (open != null) {
                open.close();
            }
            throw e;
        }
    }

    /** What header and mask alone tell of a snapshot that nobody could measure. */
    Counts unmeasured(ArtifactRef weights, @Nullable ArtifactRef mask) throws IOException {
        try (ByteSource source = fetcher.fetch(weights);
                OpenMask open = mask(mask)) {
            return Counts.of(MaskedWeights.read(source, open.mask()));
        }
    }

    /** The weights alone. */
    ByteSource weights(ArtifactRef weights) {
        return fetcher.fetch(weights);
    }

    private OpenMask mask(@Nullable ArtifactRef ref) throws IOException {
        return ref == null ? OpenMask.DENSE : OpenMask.in(fetcher.fetch(ref));
    }

    private Measurement measurement(
            ArtifactRef weights, @Nullable ArtifactRef mask, ArtifactRef ref) throws IOException {
        Measurement measured;
        try (LocalArtifact local = fetcher.fetch(ref);
                InputStream json = Files.newInputStream(local.file())) {
            measured =
                    local.size() > LONG_BYTES
                            ? Document.MEASUREMENT.readLongJson(ref.uri(), json)
                            : Document.MEASUREMENT.readJson(ref.uri(), json.readAllBytes());
        } catch (InvalidDocumentException e) {
            throw new CorruptArtifactException(String.valueOf(e.getMessage()));
        }
        if (!measured.weights().equals(weights) || !Objects.equals(measured.mask(), mask)) {
            throw new CorruptArtifactException(
                    "%s measures the weights %s under the mask %s, not %s under %s"
                            .formatted(
                                    ref.uri(), measured.weights(), measured.mask(), weights, mask));
        }
        return measured;
    }
}
