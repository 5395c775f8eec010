// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.Bits;
import dev.espalier.controller.domain.selection.kernel.Tile;
import dev.espalier.schemas.tensor.MaskTensor;

/** Clears the first weights that are equal to the threshold. Tiles come in the order of index. */
final class FirstTies {

    private long left;

    FirstTies(long ties) {
        this.left = ties;
    }

    /**
     * @param tile compared with the threshold and the threshold
     */
    void clear(MaskTensor mask, long index, int n, Tile tile) {
        for (int at = 0; at < n && left > 0; at += 64) {
            int word = at >>> 6;
            long equal = tile.upTo[word] & ~tile.below[word];
            if (equal != 0) {
                long same = equal & mask.bits(index + at, Math.min(64, n - at));
                long going = Bits.first(same, left);
                left -= Long.bitCount(going);
                Bits.clear(mask, index + at, going);
            }
        }
    }
}
