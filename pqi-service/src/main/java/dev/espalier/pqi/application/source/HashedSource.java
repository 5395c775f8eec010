// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Consecutive bytes of a source that are read once, ascending: each is fetched once, several
 * windows ahead, and hashed in order, whether anybody asks for it or not. Offsets are those of the
 * source.
 *
 * <p>Several threads may use it, one at a time.
 */
public final class HashedSource implements ByteSource {

    private final ByteSource source;
    private final long to;
    private final Windows windows;
    private MemorySegment window = MemorySegment.NULL;
    private long windowStart;

    /**
     * @param source is closed with this one; it is read by several threads at once
     * @param from the first byte of the source that is wanted
     * @param to the byte after the last one
     */
    HashedSource(ByteSource source, long from, long to, ReadAhead readAhead) {
        this.source = source;
        this.to = to;
        this.windowStart = from;
        this.windows = new Windows(source, from, to, readAhead);
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
        if (target.byteSize() > to - offset) {
            throw new EOFException(
                    "%s ends at byte %d, wanted are bytes %d to %d"
                            .formatted(name(), to, offset, offset + target.byteSize()));
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

    /** Reads what nobody has asked for yet. To be called once, at the end. */
    public Sha256 digest() throws IOException {
        while (windows.hasNext()) {
            advance();
        }
        return windows.digest();
    }

    /** Whatever is in flight has ended when this returns. */
    @Override
    public void close() throws IOException {
        windows.close();
        source.close();
    }
}
