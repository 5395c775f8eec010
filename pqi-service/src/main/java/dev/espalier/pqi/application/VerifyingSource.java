// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/**
 * An artefact that is read once, ascending, and checked against its digest on the way: every byte
 * is fetched once, in windows of a fixed size, and hashed in order, whether anybody asks for it or
 * not. Nothing that was read may be relied on before {@link #verify} has returned.
 *
 * <p>Not safe for use by several threads.
 */
public final class VerifyingSource implements ByteSource {

    private final ByteSource source;
    private final ArtifactRef ref;
    private final byte[] window;
    private final MessageDigest digest = Sha256.digest();
    private long windowStart;
    private int windowLength;

    /**
     * @param source is closed with this one
     * @param windowBytes fetched at a time
     */
    public VerifyingSource(ByteSource source, ArtifactRef ref, int windowBytes) {
        this.source = source;
        this.ref = ref;
        this.window = new byte[Math.clamp(source.size(), 1, windowBytes)];
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
        MemorySegment bytes = MemorySegment.ofArray(window);
        for (long done = 0; done < target.byteSize(); ) {
            while (offset + done >= windowStart + windowLength) {
                advance();
            }
            long at = offset + done - windowStart;
            long n = Math.min(target.byteSize() - done, windowLength - at);
            MemorySegment.copy(bytes, at, target, done, n);
            done += n;
        }
    }

    private void advance() throws IOException {
        long start = windowStart + windowLength;
        int n = (int) Math.min(window.length, size() - start);
        source.read(start, MemorySegment.ofArray(window).asSlice(0, n));
        digest.update(window, 0, n);
        windowStart = start;
        windowLength = n;
    }

    /**
     * Reads what nobody has asked for yet, and checks the digest. To be called once, at the end.
     *
     * @throws CorruptArtifactException if the bytes are not those of the reference
     */
    public void verify() throws IOException {
        while (windowStart + windowLength < size()) {
            advance();
        }
        Sha256 actual = Sha256.of(digest);
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
