// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import java.util.Arrays;
import java.util.List;

/**
 * A group in pieces that threads can take. Wherever a piece begins but at the start of a stretch, a
 * word of the mask begins, so that no two threads write to the same one.
 */
final class Chunks {

    /** Weights of a piece: a MiB at most. */
    static final int LENGTH = 1 << 17;

    private final List<Stretch> group;

    /** Number of the first chunk of each stretch; one more for the end. */
    private final int[] first;

    Chunks(List<Stretch> group) {
        this.group = group;
        this.first = new int[group.size() + 1];
        for (int i = 0; i < group.size(); i++) {
            Stretch stretch = group.get(i);
            long chunks = Math.ceilDiv(stretch.to(), LENGTH) - stretch.from() / LENGTH;
            first[i + 1] = Math.addExact(first[i], Math.toIntExact(chunks));
        }
    }

    int count() {
        return first[group.size()];
    }

    Stretch get(int chunk) {
        int found = Arrays.binarySearch(first, chunk);
        int i = found >= 0 ? found : -found - 2;
        while (first[i + 1] == chunk) {
            i++; // stretches without a weight
        }
        Stretch stretch = group.get(i);
        long from = (stretch.from() / LENGTH + chunk - first[i]) * LENGTH;
        return stretch.part(Math.max(stretch.from(), from), Math.min(stretch.to(), from + LENGTH));
    }
}
