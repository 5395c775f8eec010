// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.Bits;
import dev.espalier.controller.domain.selection.kernel.KeyType;
import dev.espalier.controller.domain.selection.kernel.Tile;
import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.schemas.tensor.MaskTensor;
import java.io.IOException;
import java.util.Arrays;

/**
 * Selection in a group that fits in memory, such as a row. Keys of the active weights go into one
 * array, which serves every row; counted in bins between the smallest and the largest, all but
 * those of one bin are dropped, and so on. Each round makes the range smaller, at the worst by a
 * factor of 16, so there are no weights that make it slow.
 */
final class RowSelect {

    /** Most weights of a group. */
    static final int MOST = 1 << 16;

    private static final int FEW = 24;
    private static final int LEAST_DIGIT = 4;
    private static final int WIDEST_DIGIT = 12;

    private final long[] keys = new long[MOST + Long.SIZE];
    private final int[] bins = new int[1 << WIDEST_DIGIT];

    /**
     * @param row at most {@link #MOST} weights
     * @param at offset of its first byte in the memory of the buffers
     * @param c how many of its active weights go, at least 1 and at most all of them
     */
    void prune(Stretch row, KeyType type, long at, long c, ThreadBuffers buffers)
            throws IOException {
        Tile tile = buffers.tile(type);
        int active = gather(row, tile, at, buffers);
        if (active < c) {
            throw UnusableSnapshotException.tooFew(row.tensor().name(), active, c);
        }
        Threshold threshold = threshold(row, type, active, (int) c, buffers);
        long gone = clear(row, tile, at, threshold, buffers);
        if (gone != c) {
            throw new IllegalStateException(
                    "%d weights of a group went, %d were planned".formatted(gone, c));
        }
    }

    private int gather(Stretch row, Tile tile, long at, ThreadBuffers buffers) {
        int width = row.tensor().dtype().bytes();
        int length = (int) row.length();
        int count = 0;
        for (int done = 0; done < length; done += Tile.LENGTH) {
            int n = Math.min(Tile.LENGTH, length - done);
            tile.load(buffers.memory(), at + (long) done * width, row.tensor().dtype(), n);
            for (int i = 0; i < n; i += 64) {
                long alive = row.mask().bits(row.from() + done + i, Math.min(64, n - i));
                count = tile.gather(i >>> 6, alive, keys, count);
            }
        }
        return count;
    }

    private Threshold threshold(Stretch row, KeyType type, int active, int c, ThreadBuffers buffers)
            throws IOException {
        int n = active;
        int rank = c - 1;
        for (boolean first = true; n > FEW || first; first = false) {
            long least = Long.MAX_VALUE;
            long most = 0;
            for (int i = 0; i < n; i++) {
                least = Math.min(least, keys[i]);
                most = Math.max(most, keys[i]);
            }
            if (first && most >= type.infinity()) {
                buffers.refuseNotFinite(row, type);
            }
            if (least == most) {
                return new Threshold(least, rank + 1L, n);
            }
            if (n <= FEW) {
                break;
            }
            int shift = shift(n, most - least);
            int used = (int) ((most - least) >>> shift) + 1;
            Arrays.fill(bins, 0, used, 0);
            for (int i = 0; i < n; i++) {
                bins[(int) ((keys[i] - least) >>> shift)]++;
            }
            int bin = 0;
            while (rank >= bins[bin]) {
                rank -= bins[bin++];
            }
            n = keep(n, least, shift, bin);
        }
        return ofFew(n, rank);
    }

    /** Some four keys to a bin. */
    private static int shift(int n, long range) {
        int digit = Math.clamp(30L - Integer.numberOfLeadingZeros(n), LEAST_DIGIT, WIDEST_DIGIT);
        return Math.max(0, 64 - Long.numberOfLeadingZeros(range) - digit);
    }

    private int keep(int n, long least, int shift, int bin) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
            long key = keys[i];
            keys[kept] = key;
            kept += (key - least) >>> shift == bin ? 1 : 0;
        }
        return kept;
    }

    private Threshold ofFew(int n, int rank) {
        Arrays.sort(keys, 0, n);
        int first = rank;
        while (first > 0 && keys[first - 1] == keys[rank]) {
            first--;
        }
        int last = rank;
        while (last < n - 1 && keys[last + 1] == keys[rank]) {
            last++;
        }
        return new Threshold(keys[rank], rank - first + 1L, last - first + 1L);
    }

    private static long clear(
            Stretch row, Tile tile, long at, Threshold threshold, ThreadBuffers buffers) {
        int width = row.tensor().dtype().bytes();
        int length = (int) row.length();
        boolean loaded = length <= Tile.LENGTH;
        boolean all = threshold.ties() == threshold.equal();
        MaskTensor mask = row.mask();
        long left = threshold.ties();
        long gone = 0;
        for (int done = 0; done < length; done += Tile.LENGTH) {
            int n = Math.min(Tile.LENGTH, length - done);
            if (!loaded) {
                tile.load(buffers.memory(), at + (long) done * width, row.tensor().dtype(), n);
            }
            tile.compare(n, threshold.key(), threshold.key());
            for (int i = 0; i < n; i += 64) {
                long index = row.from() + done + i;
                long alive = mask.bits(index, Math.min(64, n - i));
                int word = i >>> 6;
                long going = (all ? tile.upTo[word] : tile.below[word]) & alive;
                if (!all && left > 0) {
                    long ties = Bits.first(tile.upTo[word] & ~tile.below[word] & alive, left);
                    left -= Long.bitCount(ties);
                    going |= ties;
                }
                gone += Long.bitCount(going);
                Bits.clear(mask, index, going);
            }
        }
        return gone;
    }
}
