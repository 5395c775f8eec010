// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.FileSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Brings artefacts to a local file, with their digest checked, so that they can be read many times.
 */
public final class ArtifactFetcher {

    private static final int PIECE_BYTES = 8 << 20;

    private final ObjectStore store;
    private final Path folder;

    /**
     * @param folder for temporary files, which are deleted when they are closed
     */
    public ArtifactFetcher(ObjectStore store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    /**
     * @throws CorruptArtifactException if the artefact is not there, or not what the reference says
     */
    public LocalArtifact fetch(ArtifactRef ref) {
        Path file = null;
        try {
            Files.createDirectories(folder);
            file = Files.createTempFile(folder, "artifact-", ".tmp");
            download(ref, file);
            return new LocalArtifact(file, FileSource.open(file));
        } catch (IOException e) {
            delete(file);
            throw new UncheckedIOException("cannot keep %s in %s".formatted(ref.uri(), folder), e);
        } catch (RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    private void download(ArtifactRef ref, Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (ObjectSource source = ObjectSource.open(store, ref);
                OutputStream out = Files.newOutputStream(file)) {
            byte[] piece = new byte[(int) Math.min(PIECE_BYTES, Math.max(1, source.size()))];
            for (long at = 0; at < source.size(); ) {
                int n = (int) Math.min(piece.length, source.size() - at);
                source.read(at, MemorySegment.ofArray(piece).asSlice(0, n));
                digest.update(piece, 0, n);
                out.write(piece, 0, n);
                at += n;
            }
        }
        Sha256 actual = Sha256.of(digest);
        if (!actual.equals(ref.sha256())) {
            throw new CorruptArtifactException(
                    "%s has the sha256 %s, its reference says %s"
                            .formatted(ref.uri(), actual, ref.sha256()));
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + file, e);
            }
        }
    }
}
