// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Keys of 31 bits: single precision, or 16-bit types that are ranked together. */
final class IntTile extends Tile {

    private final Kernel kernel;
    private final int[] keys = new int[LENGTH];
    private final short[] shorts = new short[LENGTH];

    IntTile(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void load(MemorySegment bytes, long at, DType from, int n) {
        switch (from) {
            case F32 -> MemorySegment.copy(bytes, INT, at, keys, 0, n);
            case BF16 -> {
                MemorySegment.copy(bytes, SHORT, at, shorts, 0, n);
                for (int i = 0; i < n; i++) {
                    keys[i] = shorts[i] << 16;
                }
            }
            case F16 -> {
                MemorySegment.copy(bytes, SHORT, at, shorts, 0, n);
                for (int i = 0; i < n; i++) {
                    keys[i] = Float.floatToRawIntBits(Float.float16ToFloat(shorts[i]));
                }
            }
            case F64, I64, U64, I32, U32, I16, U16, F8_E5M2, F8_E4M3, I8, U8, BOOL ->
                    throw noWeights(from);
        }
        Arrays.fill(keys, n, wholeWords(n), 0);
    }

    @Override
    public long compare(int n, long low, long top) {
        return kernel.compare(keys, wholeWords(n), (int) low, (int) top, below, upTo);
    }

    @Override
    public long key(int i) {
        return keys[i] & Integer.MAX_VALUE;
    }

    @Override
    public void count(int word, long which, Interval interval, long[] bins) {
        int base = word << 6;
        int low = (int) interval.low();
        int shift = interval.shift();
        if (which == -1L) {
            for (int i = base; i < base + 64; i++) {
                bins[(((keys[i] & Integer.MAX_VALUE) - low) >>> shift)]++;
            }
        } else {
            for (long left = which; left != 0; left &= left - 1) {
                int i = base + Long.numberOfTrailingZeros(left);
                bins[(((keys[i] & Integer.MAX_VALUE) - low) >>> shift)]++;
            }
        }
    }

    @Override
    public int gather(int word, long which, long[] gathered, int count) {
        int base = word << 6;
        if (which == -1L) {
            for (int i = 0; i < 64; i++) {
                gathered[count + i] = keys[base + i] & Integer.MAX_VALUE;
            }
            return count + 64;
        }
        // One or two or none, as a rule, and no telling which: they are taken without a branch.
        int next = count;
        long left = which;
        gathered[next] = keys[base + (Long.numberOfTrailingZeros(left) & 63)] & Integer.MAX_VALUE;
        next += some(left);
        left &= left - 1;
        gathered[next] = keys[base + (Long.numberOfTrailingZeros(left) & 63)] & Integer.MAX_VALUE;
        next += some(left);
        for (left &= left - 1; left != 0; left &= left - 1) {
            gathered[next++] = keys[base + Long.numberOfTrailingZeros(left)] & Integer.MAX_VALUE;
        }
        return next;
    }
}
