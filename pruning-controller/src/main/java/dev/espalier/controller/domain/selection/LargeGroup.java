// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.Bits;
import dev.espalier.controller.domain.selection.kernel.Interval;
import dev.espalier.controller.domain.selection.kernel.KeyType;
import dev.espalier.controller.domain.selection.kernel.Tile;
import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.schemas.tensor.MaskTensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Selection in a group of any size. Passes that count keys in bins narrow the interval down to the
 * key of rank c; one more clears what is below, and of the ties the first ones.
 */
final class LargeGroup {

    private final Team team;
    private final KeyType type;
    private final Chunks chunks;
    private final long active;
    private final long c;
    private final @Nullable Interval guess;

    /**
     * @param group in the order that breaks ties
     * @param active number of its active weights
     * @param c how many of them go, at least 1 and at most all of them
     * @param guess where the key of rank c may be; costs a pass if it is not
     */
    LargeGroup(
            Team team,
            KeyType type,
            List<Stretch> group,
            long active,
            long c,
            @Nullable Interval guess) {
        if (active < c) {
            throw UnusableSnapshotException.tooFew(group.getFirst().tensor().name(), active, c);
        }
        this.team = team;
        this.type = type;
        this.chunks = new Chunks(group);
        this.active = active;
        this.c = c;
        this.guess = guess;
    }

    void prune() throws IOException {
        clear(threshold());
    }

    private Threshold threshold() throws IOException {
        Interval interval = guess == null ? Interval.all(type) : guess;
        Count count = count(interval, guess != null);
        if (!count.has(c - 1)) {
            interval = Interval.all(type);
            count = count(interval, false);
        }
        while (true) {
            int bin = count.bin(c - 1);
            if (interval.shift() == 0) {
                return new Threshold(interval.low() + bin, c - count.before(bin), count.in(bin));
            }
            interval = interval.within(bin, bin);
            count =
                    team.perThread().stream().allMatch(buffers -> buffers.candidates.complete())
                            ? recount(interval, count.before(bin))
                            : count(interval, false);
        }
    }

    /** A pass over all weights. */
    private Count count(Interval interval, boolean few) throws IOException {
        for (ThreadBuffers buffers : team.perThread()) {
            buffers.below = 0;
            buffers.candidates.begin(few);
            Arrays.fill(buffers.bins, 0, interval.bins(), 0);
        }
        team.each(chunks.count(), (i, buffers) -> count(chunks.get(i), interval, buffers));
        for (ThreadBuffers buffers : team.perThread()) {
            if (buffers.candidates.complete()) {
                buffers.candidates.count(interval, buffers.bins);
            }
        }
        return new Count(
                team.perThread().stream().mapToLong(buffers -> buffers.below).sum(),
                bins(interval),
                active);
    }

    /** Counts the keys that the last pass collected. */
    private Count recount(Interval interval, long below) {
        for (ThreadBuffers buffers : team.perThread()) {
            Arrays.fill(buffers.bins, 0, interval.bins(), 0);
            buffers.candidates.count(interval, buffers.bins);
        }
        return new Count(below, bins(interval), active);
    }

    private long[] bins(Interval interval) {
        long[] sum = new long[interval.bins()];
        for (ThreadBuffers buffers : team.perThread()) {
            for (int bin = 0; bin < sum.length; bin++) {
                sum[bin] += buffers.bins[bin];
            }
        }
        return sum;
    }

    private void count(Stretch chunk, Interval interval, ThreadBuffers buffers) throws IOException {
        buffers.visit(
                chunk,
                type,
                (tile, index, n) -> {
                    long largest = tile.compare(n, interval.low(), interval.top());
                    buffers.requireFinite(chunk, type, tile, index, n, largest);
                    long below = 0;
                    for (int at = 0; at < n; at += 64) {
                        long alive = chunk.mask().bits(index + at, Math.min(64, n - at));
                        int word = at >>> 6;
                        long less = tile.below[word];
                        below += Long.bitCount(less & alive);
                        long in = tile.upTo[word] & ~less & alive;
                        take(tile, word, in, interval, buffers);
                    }
                    buffers.below += below;
                });
    }

    /** Counts keys at once, or catches them and counts them together when the pass has ended. */
    private static void take(
            Tile tile, int word, long in, Interval interval, ThreadBuffers buffers) {
        if (!buffers.candidates.complete()) {
            tile.count(word, in, interval, buffers.bins);
            return;
        }
        buffers.candidates.add(tile, word, in);
        if (!buffers.candidates.complete()) {
            buffers.candidates.count(interval, buffers.bins);
        }
    }

    private void clear(Threshold threshold) throws IOException {
        long[] gone = new long[chunks.count()];
        int[] ties = new int[chunks.count()];
        boolean all = threshold.ties() == threshold.equal();
        team.each(
                chunks.count(),
                (i, buffers) -> {
                    Stretch chunk = chunks.get(i);
                    buffers.visit(
                            chunk,
                            type,
                            (tile, index, n) -> {
                                tile.compare(n, threshold.key(), threshold.key());
                                long[] going = all ? tile.upTo : tile.below;
                                gone[i] += clear(chunk.mask(), index, n, going);
                                ties[i] += all ? 0 : equal(chunk.mask(), index, n, tile);
                            });
                });
        long total = Arrays.stream(gone).sum();
        if (!all) {
            total += share(threshold.ties(), ties);
            clear(threshold.key(), ties);
        }
        if (total != c) {
            throw new IllegalStateException(
                    "%d weights of a group went, %d were planned".formatted(total, c));
        }
    }

    /**
     * Gives the ties that go to the first chunks that have some.
     *
     * @param ties in: how many a chunk has; out: how many of them go
     * @return how many were given
     */
    private static long share(long wanted, int[] ties) {
        long left = wanted;
        for (int i = 0; i < ties.length; i++) {
            ties[i] = (int) Math.min(ties[i], left);
            left -= ties[i];
        }
        return wanted - left;
    }

    /** Clears the first ties of each chunk. */
    private void clear(long key, int[] ties) throws IOException {
        int[] having = IntStream.range(0, ties.length).filter(i -> ties[i] > 0).toArray();
        team.each(
                having.length,
                (i, buffers) -> {
                    Stretch chunk = chunks.get(having[i]);
                    var first = new FirstTies(ties[having[i]]);
                    buffers.visit(
                            chunk,
                            type,
                            (tile, index, n) -> {
                                tile.compare(n, key, key);
                                first.clear(chunk.mask(), index, n, tile);
                            });
                });
    }

    private static int equal(MaskTensor mask, long index, int n, Tile tile) {
        int equal = 0;
        for (int at = 0; at < n; at += 64) {
            int word = at >>> 6;
            long same = tile.upTo[word] & ~tile.below[word];
            if (same != 0) {
                equal += Long.bitCount(same & mask.bits(index + at, Math.min(64, n - at)));
            }
        }
        return equal;
    }

    private static long clear(MaskTensor mask, long index, int n, long[] going) {
        long gone = 0;
        for (int at = 0; at < n; at += 64) {
            long go = going[at >>> 6] & mask.bits(index + at, Math.min(64, n - at));
            gone += Long.bitCount(go);
            Bits.clear(mask, index + at, go);
        }
        return gone;
    }
}
