// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.objects.ArtifactFetcher;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Brings snapshots, masks and measurements from the store. */
final class Snapshots {

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
        try {
            MaskedWeights masked = MaskedWeights.read(source, mask(mask));
            masked.requireMeasured(measured.tensors());
            return new Snapshot(source, masked, measured);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** Header and mask alone, of a snapshot that nobody could measure. */
    MaskedWeights unmeasured(ArtifactRef weights, @Nullable ArtifactRef mask) throws IOException {
        try (ByteSource source = fetcher.fetch(weights)) {
            return MaskedWeights.read(source, mask(mask));
        }
    }

    /** The weights alone. */
    ByteSource weights(ArtifactRef weights) {
        return fetcher.fetch(weights);
    }

    private Mask mask(@Nullable ArtifactRef ref) throws IOException {
        if (ref == null) {
            return Mask.DENSE;
        }
        try (ByteSource source = fetcher.fetch(ref)) {
            return MaskCodec.read(source);
        }
    }

    private Measurement measurement(
            ArtifactRef weights, @Nullable ArtifactRef mask, ArtifactRef ref) throws IOException {
        byte[] json;
        try (ByteSource source = fetcher.fetch(ref)) {
            json = new byte[Math.toIntExact(source.size())];
            source.read(0, MemorySegment.ofArray(json));
        }
        Measurement measured;
        try {
            measured = Document.MEASUREMENT.readJson(ref.uri(), json);
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
