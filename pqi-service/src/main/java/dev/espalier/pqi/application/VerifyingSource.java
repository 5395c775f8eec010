// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * An artefact that is read once, ascending, and checked against its digest on the way: every byte
 * is fetched once, several windows ahead, and hashed in order, whether anybody asks for it or not.
 * Nothing that was read may be relied on before {@link #verify} has returned.
 *
 * <p>Several threads may use it, one at a time.
 */
public final class VerifyingSource implements ByteSource {

    private final ByteSource source;
    private final ArtifactRef ref;
    private final Windows windows;
    private MemorySegment window = MemorySegment.NULL;
    private long windowStart;

    /**
     * @param source is closed with this one; it is read by several threads at once
     */
    public VerifyingSource(ByteSource source, ArtifactRef ref, ReadAhead readAhead) {
        this.source = source;
        this.ref = ref;
        this.windows = new Windows(source, readAhead);
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
        if (offset < windowStart) {
            throw new IllegalStateException(
                    "%s is read from byte %d on, but what is before %d has passed by"
                            .formatted(name(), offset, windowStart));
        }
        if (target.byteSize() > size() - offset) {
            throw new EOFException(
                    "%s ends at byte %d, wanted are bytes %d to %d"
                            .formatted(name(), size(), offset, offset + target.byteSize()));
        }
        for (long done = 0; done < target.byteSize(); ) {
            while (offset + done >= windowStart + window.byteSize()) {
                advance();
            }
            long at = offset + done - windowStart;
            long n = Math.min(target.byteSize() - done, window.byteSize() - at);
            MemorySegment.copy(window, at, target, done, n);
            done += n;
        }
    }

    private void advance() throws IOException {
        windowStart += window.byteSize();
        window = MemorySegment.NULL;
        window = windows.next();
    }

    /**
     * Reads what nobody has asked for yet, and checks the digest. To be called once, at the end.
     *
     * @throws CorruptArtifactException if the bytes are not those of the reference
     */
    public void verify() throws IOException {
        while (windows.hasNext()) {
            advance();
        }
        Sha256 actual = windows.digest();
        if (!actual.equals(ref.sha256())) {
            throw new CorruptArtifactException(
                    "%s has the sha256 %s, its reference says %s"
                            .formatted(ref.uri(), actual, ref.sha256()));
        }
    }

    /** Whatever is in flight has ended when this returns. */
    @Override
    public void close() throws IOException {
        windows.close();
        source.close();
    }
}
