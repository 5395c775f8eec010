// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

import dev.espalier.pqi.domain.NonFiniteWeightException;
import dev.espalier.pqi.domain.PowerSumOverflowException;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.schemas.tensor.MaskFile;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.transport.objects.ArtifactFetcher;
import dev.espalier.transport.objects.LocalArtifact;
import dev.espalier.transport.objects.ObjectSource;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Weights and masks from the store, checked against their digests. */
public final class Artifacts {

    /** A larger mask is mapped from a temporary file. */
    private static final long IN_MEMORY_BYTES = 4L << 20;

    private final ObjectStore store;
    private final ReadAhead readAhead;
    private final ArtifactFetcher fetcher;

    /**
     * @param folder for temporary files
     */
    public Artifacts(ObjectStore store, ReadAhead readAhead, Path folder) {
        this.store = store;
        this.readAhead = readAhead;
        this.fetcher = new ArtifactFetcher(store, folder);
    }

    /** Something that is made of the bytes of an artefact. */
    public interface Reading<T> {
        T from(VerifyingSource source) throws IOException;
    }

    /**
     * Reads an artefact and checks its digest. Where the reading fails, the digest is checked all
     * the same: bytes that are not those of the reference explain every other fault.
     */
    public <T> T verified(ArtifactRef ref, Reading<T> reading) {
        try (var source = new VerifyingSource(ObjectSource.open(store, ref), ref, readAhead)) {
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

    /**
     * Consecutive bytes of an artefact, hashed. Nothing that was read may be relied on before the
     * digest has proved to be the right one.
     */
    public HashedSource hashed(ArtifactRef ref, long from, long to) {
        return new HashedSource(ObjectSource.open(store, ref), from, to, readAhead);
    }

    /** The header of the weights, with the digest of what it was parsed from. */
    public OpenSnapshot open(SnapshotPublished snapshot) {
        ArtifactRef ref = snapshot.weights();
        try (ObjectSource source = ObjectSource.open(store, ref);
                HashedSource bytes = hashed(ref, 0, SafetensorsHeader.read(source).dataOffset())) {
            SafetensorsHeader header = SafetensorsHeader.read(bytes);
            return new OpenSnapshot(snapshot, this, header, bytes.digest());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + ref.uri(), e);
        }
    }

    /**
     * @param ref null where every weight is active
     */
    public MaskLease mask(@Nullable ArtifactRef ref) {
        if (ref == null) {
            return new MaskLease(Mask.DENSE, () -> {});
        }
        return ref.sizeBytes() <= IN_MEMORY_BYTES
                ? new MaskLease(verified(ref, MaskCodec::read), () -> {})
                : mapped(fetcher.fetch(ref));
    }

    private static MaskLease mapped(LocalArtifact local) {
        try {
            MaskFile file = MaskFile.open(local.file());
            return new MaskLease(
                    file.mask(),
                    () -> {
                        file.close();
                        close(local);
                    });
        } catch (IOException e) {
            close(local);
            throw new UncheckedIOException("cannot map " + local.file(), e);
        } catch (RuntimeException e) {
            close(local);
            throw e;
        }
    }

    private static void close(LocalArtifact local) {
        try {
            local.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + local.file(), e);
        }
    }
}
