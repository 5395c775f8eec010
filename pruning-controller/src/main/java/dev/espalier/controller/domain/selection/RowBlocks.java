// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a tensor in blocks that begin with a word of the mask, so that threads can take them.
 */
final class RowBlocks {

    private static final int WORD = 64;

    private final Stretch tensor;
    private final long rowLength;

    /** Rows that are read at once: a chunk of weights, or one row. */
    private final long atOnce;

    private final long rowsPerBlock;

    /**
     * @param tensor all of it, with rows of at most a chunk
     */
    RowBlocks(Stretch tensor) {
        this.tensor = tensor;
        this.rowLength = tensor.tensor().rowLength();
        this.atOnce = Chunks.LENGTH / rowLength;
        this.rowsPerBlock = Math.ceilDiv(atOnce, WORD) * WORD;
    }

    int count() {
        return Math.toIntExact(Math.ceilDiv(tensor.tensor().rows(), rowsPerBlock));
    }

    List<Stretch> pieces(int block) {
        List<Stretch> pieces = new ArrayList<>();
        long end = Math.min(tensor.tensor().rows(), (block + 1) * rowsPerBlock);
        for (long row = block * rowsPerBlock; row < end; row += atOnce) {
            pieces.add(tensor.part(row * rowLength, Math.min(end, row + atOnce) * rowLength));
        }
        return pieces;
    }
}
