// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

/** What a pass found. Counts of disjoint parts add, so the parts may be counted anywhere. */
final class Count {

    private final long below;
    private final long[] bins;
    private final long active;

    /**
     * @param below number of active keys below the interval
     * @param bins number of them in each of its bins
     * @param active number of all active keys
     */
    Count(long below, long[] bins, long active) {
        this.below = below;
        this.bins = bins;
        this.active = active;
    }

    /** Number of active keys in a bin. */
    long in(int bin) {
        return bins[bin];
    }

    /**
     * @param rank 0 is the smallest key
     */
    boolean has(long rank) {
        long in = 0;
        for (long bin : bins) {
            in += bin;
        }
        return rank >= below && rank < below + in;
    }

    /** The bin of the key with a rank. */
    int bin(long rank) {
        long before = below;
        for (int bin = 0; bin < bins.length; bin++) {
            before += bins[bin];
            if (rank < before) {
                return bin;
            }
        }
        throw new IllegalStateException(
                "rank %d of %d active weights is wanted, only %d were counted: the weights changed while they were read"
                        .formatted(rank, active, before));
    }

    /** Number of active keys below a bin. */
    long before(int bin) {
        long before = below;
        for (int i = 0; i < bin; i++) {
            before += bins[i];
        }
        return before;
    }
}
