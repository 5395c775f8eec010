// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.Interval;
import dev.espalier.controller.domain.selection.kernel.KeyType;
import dev.espalier.controller.domain.selection.kernel.Tile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where to look first. A few weights from all over a group tell nearly where the key of rank c is;
 * most of the others then need no counting, only comparing. Whether the guess is right is seen when
 * the keys are counted, so it decides how fast the answer comes and never what it is.
 */
final class Guess {

    private static final int FEWEST_SPOTS = 1 << 11;
    private static final int MOST_SPOTS = 1 << 14;

    /** A spot for so many weights. More spots narrow the guess, and cost what they save. */
    private static final int PER_WEIGHTS = 1 << 11;

    /** Neighbours that come with one line of memory. */
    private static final int PER_SPOT = 16;

    /** A group that is not much larger than the sample is counted at once. */
    private static final long WORTH_IT = 8L * FEWEST_SPOTS * PER_SPOT;

    /** In standard deviations of a sample's rank; neighbours resemble each other. */
    private static final double MARGIN = 4;

    private static final long FEWEST = 1 << 12;

    private Guess() {}

    /**
     * @param group whose weights can be read in place
     * @return null where no guess is worth it
     */
    static @Nullable Interval of(
            List<Stretch> group, KeyType type, long active, long c, ThreadBuffers buffers)
            throws IOException {
        long weights = group.stream().mapToLong(Stretch::length).sum();
        if (weights < WORTH_IT) {
            return null;
        }
        Interval all = Interval.all(type);
        long[] bins = buffers.bins;
        Arrays.fill(bins, 0, all.bins(), 0);
        long spots = Math.clamp(weights / PER_WEIGHTS, FEWEST_SPOTS, MOST_SPOTS);
        long taken = sample(group, weights / spots, type, buffers);
        if (taken < FEWEST) {
            return null;
        }
        double share = Math.min(1, (c - 0.5) / active);
        double margin = 4 + MARGIN * Math.sqrt(share * (1 - share) * taken);
        int first = bin(bins, share * taken - margin, all.bins());
        int last = bin(bins, share * taken + margin, all.bins());
        return all.within(first, last);
    }

    private static int bin(long[] bins, double rank, int most) {
        long before = 0;
        for (int bin = 0; bin < most - 1; bin++) {
            before += bins[bin];
            if (rank < before) {
                return bin;
            }
        }
        return most - 1;
    }

    /** Counts the sample in the bins of all keys. */
    private static long sample(
            List<Stretch> group, long stride, KeyType type, ThreadBuffers buffers)
            throws IOException {
        Interval all = Interval.all(type);
        Tile tile = buffers.tile(type);
        long taken = 0;
        long start = 0;
        long spot = 0;
        for (Stretch stretch : group) {
            for (; spot < start + stretch.length(); spot += stride) {
                long index = stretch.from() + spot - start;
                int n = (int) Math.min(PER_SPOT, stretch.to() - index);
                long at = buffers.fetch(stretch, index, n);
                tile.load(buffers.memory(), at, stretch.tensor().dtype(), n);
                long alive = stretch.mask().bits(index, n);
                tile.count(0, alive, all, buffers.bins);
                taken += Long.bitCount(alive);
            }
            start += stretch.length();
        }
        return taken;
    }
}
