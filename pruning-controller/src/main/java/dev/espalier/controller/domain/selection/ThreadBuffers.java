// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.Interval;
import dev.espalier.controller.domain.selection.kernel.Kernel;
import dev.espalier.controller.domain.selection.kernel.KeyType;
import dev.espalier.controller.domain.selection.kernel.Tile;
import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.MaskTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that one thread works with; used again and again. Some 6 MiB, whatever the weights. */
final class ThreadBuffers {

    /** Hears of weights from an index on, in their order; the tile holds them. */
    interface Visitor {
        void tile(Tile tile, long index, int n);
    }

    private static final int BUFFER_BYTES = Chunks.LENGTH * Long.BYTES;

    final long[] bins = new long[Interval.MOST_BINS];
    final RowSelect rows = new RowSelect();
    final CandidateKeys candidates = new CandidateKeys();

    /** Active keys below the interval that is counted. */
    long below;

    private final ByteSource source;
    private final Kernel kernel;
    private final Map<KeyType, Tile> tiles = new EnumMap<>(KeyType.class);

    /** The whole source, or a buffer for some of it. */
    private final MemorySegment memory;

    private final boolean inPlace;

    /**
     * @param mapped the whole source, if it can be mapped
     * @param arena for a buffer, if it cannot
     */
    ThreadBuffers(ByteSource source, @Nullable MemorySegment mapped, Arena arena, Kernel kernel) {
        this.source = source;
        this.kernel = kernel;
        this.inPlace = mapped != null;
        this.memory = mapped != null ? mapped : arena.allocate(BUFFER_BYTES, Long.BYTES);
    }

    /**
     * Makes weights of a stretch readable.
     *
     * @param n how many, at most a chunk
     * @return where they begin in {@link #memory()}
     */
    long fetch(Stretch stretch, long from, int n) throws IOException {
        int width = stretch.tensor().dtype().bytes();
        long offset = stretch.tensor().offset() + from * width;
        if (inPlace) {
            return offset;
        }
        source.read(offset, memory.asSlice(0, (long) n * width));
        return 0;
    }

    MemorySegment memory() {
        return memory;
    }

    Tile tile(KeyType type) {
        return tiles.computeIfAbsent(type, t -> Tile.of(t, kernel));
    }

    /**
     * @param chunk of at most {@link Chunks#LENGTH} weights
     */
    void visit(Stretch chunk, KeyType type, Visitor visitor) throws IOException {
        Tile tile = tile(type);
        int width = chunk.tensor().dtype().bytes();
        int length = (int) chunk.length();
        long at = fetch(chunk, chunk.from(), length);
        for (int done = 0; done < length; done += Tile.LENGTH) {
            int n = Math.min(Tile.LENGTH, length - done);
            tile.load(memory, at + (long) done * width, chunk.tensor().dtype(), n);
            visitor.tile(tile, chunk.from() + done, n);
        }
    }

    /**
     * Whoever measured has refused such weights; without this they would be ranked somewhere.
     *
     * @param largest key of the tile, masked weights included
     * @throws UnusableSnapshotException if an active weight is not finite
     */
    void requireFinite(Stretch stretch, KeyType type, Tile tile, long index, int n, long largest) {
        if (largest < type.infinity()) {
            return;
        }
        refuse(stretch, type, tile, index, n);
    }

    /** The same of a row, of which it is known that some active weight is not. */
    void refuseNotFinite(Stretch row, KeyType type) throws IOException {
        visit(row, type, (tile, index, n) -> refuse(row, type, tile, index, n));
    }

    private void refuse(Stretch stretch, KeyType type, Tile tile, long index, int n) {
        MaskTensor mask = stretch.mask();
        for (int i = 0; i < n; i++) {
            long key = tile.key(i);
            if (key >= type.infinity() && mask.get(index + i)) {
                throw new UnusableSnapshotException(
                        "%s: weight %d of '%s' is %s: only finite weights can be ranked"
                                .formatted(
                                        source.name(),
                                        index + i,
                                        stretch.tensor().name(),
                                        key == type.infinity() ? "infinite" : "NaN"));
            }
        }
    }
}
