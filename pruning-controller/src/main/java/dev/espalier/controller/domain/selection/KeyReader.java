// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.schemas.tensor.ByteSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Streams the keys of weights in blocks, through one native buffer that is used again and again.
 */
final class KeyReader implements AutoCloseable {

    /** Hears of the weights from an index on, in their order. The array is reused. */
    interface Listener {
        void block(long index, long[] keys, int n);
    }

    /** Keys of the largest block: half a megabyte. */
    static final int MOST_KEYS = 1 << 16;

    /** Keys that stay in the first-level cache; a multiple of the word of a mask. */
    static final int STREAMED_KEYS = 1 << 11;

    private static final int BUFFER_BYTES = 1 << 20;

    private final ByteSource source;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
    private final long[] keys = new long[MOST_KEYS];
    private final KeyDecoder decoder = new KeyDecoder(MOST_KEYS);

    KeyReader(ByteSource source) {
        this.source = source;
    }

    /**
     * @param blockSize number of weights in every block but the last
     * @throws UnusableSnapshotException if an active weight is not finite
     */
    void read(Stretch stretch, KeyType type, int blockSize, Listener listener) throws IOException {
        int width = stretch.tensor().dtype().bytes();
        int atOnce = BUFFER_BYTES / width / blockSize * blockSize;
        for (long at = stretch.from(); at < stretch.to(); at += atOnce) {
            int n = (int) Math.min(atOnce, stretch.to() - at);
            source.read(
                    stretch.tensor().offset() + at * width, buffer.asSlice(0, (long) n * width));
            for (int done = 0; done < n; done += blockSize) {
                int size = Math.min(blockSize, n - done);
                decoder.decode(
                        buffer, (long) done * width, stretch.tensor().dtype(), type, size, keys);
                requireFinite(stretch, type, at + done, size);
                listener.block(at + done, keys, size);
            }
        }
    }

    /** Whoever measured has refused such weights; without this they would be ranked somewhere. */
    private void requireFinite(Stretch stretch, KeyType type, long index, int n) {
        long largestFinite = type.infinity() - 1;
        long sign = 0;
        for (int i = 0; i < n; i++) {
            sign |= largestFinite - keys[i];
        }
        if (sign < 0) {
            for (int i = 0; i < n; i++) {
                if (keys[i] > largestFinite && stretch.mask().get(index + i)) {
                    throw new UnusableSnapshotException(
                            "%s: weight %d of '%s' is %s: only finite weights can be ranked"
                                    .formatted(
                                            source.name(),
                                            index + i,
                                            stretch.tensor().name(),
                                            keys[i] == type.infinity() ? "infinite" : "NaN"));
                }
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
