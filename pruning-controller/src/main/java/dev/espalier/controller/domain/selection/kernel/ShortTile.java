// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Keys of 15 bits: a group that is all F16, or all BF16. */
final class ShortTile extends Tile {

    private final Kernel kernel;
    private final short[] keys = new short[LENGTH];

    ShortTile(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void load(MemorySegment bytes, long at, DType from, int n) {
        MemorySegment.copy(bytes, SHORT, at, keys, 0, n);
        Arrays.fill(keys, n, wholeWords(n), (short) 0);
    }

    @Override
    public long compare(int n, long low, long top) {
        return kernel.compare(keys, wholeWords(n), (int) low, (int) top, below, upTo);
    }

    @Override
    public long key(int i) {
        return keys[i] & Short.MAX_VALUE;
    }

    @Override
    public void count(int word, long which, Interval interval, long[] bins) {
        int base = word << 6;
        int low = (int) interval.low();
        int shift = interval.shift();
        if (which == -1L) {
            for (int i = base; i < base + 64; i++) {
                bins[(((keys[i] & Short.MAX_VALUE) - low) >>> shift)]++;
            }
        } else {
            for (long left = which; left != 0; left &= left - 1) {
                int i = base + Long.numberOfTrailingZeros(left);
                bins[(((keys[i] & Short.MAX_VALUE) - low) >>> shift)]++;
            }
        }
    }

    @Override
    public int gather(int word, long which, long[] gathered, int count) {
        int base = word << 6;
        if (which == -1L) {
            for (int i = 0; i < 64; i++) {
                gathered[count + i] = keys[base + i] & Short.MAX_VALUE;
            }
            return count + 64;
        }
        // One or two or none, as a rule, and no telling which: they are taken without a branch.
        int next = count;
        long left = which;
        gathered[next] = keys[base + (Long.numberOfTrailingZeros(left) & 63)] & Short.MAX_VALUE;
        next += some(left);
        left &= left - 1;
        gathered[next] = keys[base + (Long.numberOfTrailingZeros(left) & 63)] & Short.MAX_VALUE;
        next += some(left);
        for (left &= left - 1; left != 0; left &= left - 1) {
            gathered[next++] = keys[base + Long.numberOfTrailingZeros(left)] & Short.MAX_VALUE;
        }
        return next;
    }
}
