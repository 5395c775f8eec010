// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A whole artefact that is read once, ascending, and checked against its digest on the way. Nothing
 * that was read may be relied on before {@link #verify} has returned.
 *
 * <p>Several threads may use it, one at a time.
 */
public final class VerifyingSource implements ByteSource {

    private final HashedSource source;
    private final ArtifactRef ref;

    /**
     * @param source is closed with this one; it is read by several threads at once
     */
    public VerifyingSource(ByteSource source, ArtifactRef ref, ReadAhead readAhead) {
        this.source = new HashedSource(source, 0, source.size(), readAhead);
        this.ref = ref;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public long size() {
        return source.size();
    }

    /**
     * @param offset not before the window that the last read ended in
     */
    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        source.read(offset, target);
    }

    /**
     * Reads what nobody has asked for yet, and checks the digest. To be called once, at the end.
     *
     * @throws CorruptArtifactException if the bytes are not those of the reference
     */
    public void verify() throws IOException {
        Sha256 actual = source.digest();
        if (!actual.equals(ref.sha256())) {
            throw new CorruptArtifactException(
                    "%s has the sha256 %s, its reference says %s"
                            .formatted(ref.uri(), actual, ref.sha256()));
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
