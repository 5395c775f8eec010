// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import java.io.IOException;
import java.util.List;

/**
 * Selection in a group of any size: one pass per digit finds the key of rank c, from its highest
 * digit down, and a last pass clears what is below.
 */
final class StreamedSelect {

    private final KeyReader reader;
    private final KeyType type;

    StreamedSelect(KeyReader reader, KeyType type) {
        this.reader = reader;
        this.type = type;
    }

    /**
     * @param group in the order that breaks ties
     * @param c how many of its active weights go, at least 1 and at most all of them
     */
    void prune(List<Stretch> group, long c) throws IOException {
        long active = group.stream().mapToLong(Stretch::active).sum();
        if (active < c) {
            throw UnusableSnapshotException.tooFew(group.getFirst().tensor().name(), active, c);
        }
        var cut = new Cut(threshold(group, c));
        for (Stretch stretch : group) {
            reader.read(
                    stretch,
                    type,
                    KeyReader.STREAMED_KEYS,
                    (index, keys, n) -> cut.apply(keys, 0, n, index, stretch.mask()));
        }
        cut.requireGone(c);
    }

    private Threshold threshold(List<Stretch> group, long c) throws IOException {
        long key = 0;
        long rank = c - 1;
        for (int left = type.bits(); left > 0; ) {
            int digit = KeyType.digit(left);
            left -= digit;
            var histogram = new Histogram(key, left, digit);
            for (Stretch stretch : group) {
                reader.read(
                        stretch,
                        type,
                        KeyReader.STREAMED_KEYS,
                        (index, keys, n) -> histogram.count(keys, n, index, stretch.mask()));
            }
            Histogram.Place place = histogram.find(rank);
            key = key << digit | place.digit();
            rank = place.rank();
        }
        return new Threshold(key, rank + 1);
    }
}
