// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Keys of 63 bits: double precision, or any types that are ranked together with it. */
final class LongTile extends Tile {

    private final Kernel kernel;
    private final long[] keys = new long[LENGTH];
    private final int[] ints = new int[LENGTH];
    private final short[] shorts = new short[LENGTH];

    LongTile(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void load(MemorySegment bytes, long at, DType from, int n) {
        switch (from) {
            case F64 -> MemorySegment.copy(bytes, LONG, at, keys, 0, n);
            case F32 -> {
                MemorySegment.copy(bytes, INT, at, ints, 0, n);
                for (int i = 0; i < n; i++) {
                    keys[i] = widened(Float.intBitsToFloat(ints[i]));
                }
            }
            case BF16 -> {
                MemorySegment.copy(bytes, SHORT, at, shorts, 0, n);
                for (int i = 0; i < n; i++) {
                    keys[i] = widened(Float.intBitsToFloat(shorts[i] << 16));
                }
            }
            case F16 -> {
                MemorySegment.copy(bytes, SHORT, at, shorts, 0, n);
                for (int i = 0; i < n; i++) {
                    keys[i] = widened(Float.float16ToFloat(shorts[i]));
                }
            }
            case I64, U64, I32, U32, I16, U16, F8_E5M2, F8_E4M3, I8, U8, BOOL ->
                    throw noWeights(from);
        }
        Arrays.fill(keys, n, wholeWords(n), 0);
    }

    private static long widened(float weight) {
        return Double.doubleToRawLongBits(weight);
    }

    @Override
    public long compare(int n, long low, long top) {
        return kernel.compare(keys, wholeWords(n), low, top, below, upTo);
    }

    @Override
    public long key(int i) {
        return keys[i] & Long.MAX_VALUE;
    }

    @Override
    public void count(int word, long which, Interval interval, long[] bins) {
        int base = word << 6;
        long low = interval.low();
        int shift = interval.shift();
        if (which == -1L) {
            for (int i = base; i < base + 64; i++) {
                bins[(int) (((keys[i] & Long.MAX_VALUE) - low) >>> shift)]++;
            }
        } else {
            for (long left = which; left != 0; left &= left - 1) {
                int i = base + Long.numberOfTrailingZeros(left);
                bins[(int) (((keys[i] & Long.MAX_VALUE) - low) >>> shift)]++;
            }
        }
    }

    @Override
    public int gather(int word, long which, long[] gathered, int count) {
        int base = word << 6;
        if (which == -1L) {
            for (int i = 0; i < 64; i++) {
                gathered[count + i] = keys[base + i] & Long.MAX_VALUE;
            }
            return count + 64;
        }
        // One or two or none, as a rule, and no telling which: they are taken without a branch.
        int next = count;
        long left = which;
        gathered[next] = keys[base + (Long.numberOfTrailingZeros(left) & 63)] & Long.MAX_VALUE;
        next += some(left);
        left &= left - 1;
        gathered[next] = keys[base + (Long.numberOfTrailingZeros(left) & 63)] & Long.MAX_VALUE;
        next += some(left);
        for (left &= left - 1; left != 0; left &= left - 1) {
            gathered[next++] = keys[base + Long.numberOfTrailingZeros(left)] & Long.MAX_VALUE;
        }
        return next;
    }
}
