// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.Interval;
import dev.espalier.controller.domain.selection.kernel.Tile;

/**
 * The keys that a pass counted, as long as they are few. After a good guess they are, and what is
 * next asked of them needs no pass over the weights.
 */
final class CandidateKeys {

    /** Room for 4 MiB of keys. */
    static final int MOST = 1 << 19;

    /** Has room for one more word, so that nobody need look before adding it. */
    private long[] keys = new long[0];

    private int count;
    private boolean complete;

    /**
     * @param wanted false if nobody will ask
     */
    void begin(boolean wanted) {
        if (wanted && keys.length == 0) {
            keys = new long[MOST + Long.SIZE];
        }
        count = 0;
        complete = wanted;
    }

    /** Takes keys of one word of a tile. */
    void add(Tile tile, int word, long which) {
        if (!complete) {
            return;
        }
        count = tile.gather(word, which, keys, count);
        complete = count <= MOST;
    }

    /** Whether all keys that were counted are here. */
    boolean complete() {
        return complete;
    }

    /** Counts those that are in an interval. */
    void count(Interval interval, long[] bins) {
        long low = interval.low();
        long top = interval.top();
        for (int i = 0; i < count; i++) {
            long key = keys[i];
            if (key >= low && key <= top) {
                bins[(int) ((key - low) >>> interval.shift())]++;
            }
        }
    }
}
