// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.gini;

import dev.espalier.pqi.domain.kernel.LaneSums;
import dev.espalier.pqi.domain.kernel.WeightChunk;
import dev.espalier.schemas.sparsity.LongColumn;
import dev.espalier.schemas.tensor.DType;
import java.util.Arrays;

/** Counts the magnitudes of chunks into bins; one per thread. See {@link MagnitudeBins}. */
public final class MagnitudeCounter {

    private static final int KEYS = 1 << (Long.SIZE - 1 - MagnitudeBins.KEY_SHIFT);
    private static final long STEPS =
            (1L << (MagnitudeBins.KEY_SHIFT - MagnitudeBins.STEP_SHIFT)) - 1;

    /** From the leading 16 bits of |w| as a float to its key as a double. */
    private static final int FLOAT_KEY = (1023 - 127) << 8;

    private static final int FLOAT_SHIFT = 15;
    private static final int SMALLEST_NORMAL = 0x00800000;

    private final long[] counts = new long[KEYS];
    private final long[] offsets = new long[KEYS];
    private int lowest = KEYS;
    private int highest = -1;

    /** Counts the active weights of a chunk. */
    public void count(WeightChunk weights, int count) {
        int active = weights.mask() == null ? count : weights.mask().active(0, count);
        int found = weights.dtype() == DType.F64 ? doubles(weights, count) : floats(weights, count);
        // Pruned weights look like zeros, so those that are active are what is left.
        if (active > found) {
            add(0, active - found, 0);
        }
    }

    private int floats(WeightChunk weights, int count) {
        int[] block = new int[LaneSums.STRIP];
        int found = 0;
        for (int from = 0; from < count; from += block.length) {
            int n = Math.min(block.length, count - from);
            weights.magnitudeBits(from, n, block);
            for (int i = 0; i < n; i++) {
                int bits = block[i];
                if (bits >= SMALLEST_NORMAL) {
                    int key = (bits >>> FLOAT_SHIFT) + FLOAT_KEY;
                    counts[key]++;
                    offsets[key] += (long) (bits & 0x7fff) << 9;
                    lowest = Math.min(lowest, key);
                    highest = Math.max(highest, key);
                    found++;
                } else if (bits != 0) {
                    add(Float.intBitsToFloat(bits));
                    found++;
                }
            }
        }
        return found;
    }

    private int doubles(WeightChunk weights, int count) {
        double[] block = new double[LaneSums.STRIP];
        int found = 0;
        for (int from = 0; from < count; from += block.length) {
            int n = Math.min(block.length, count - from);
            weights.magnitudes(from, n, block);
            for (int i = 0; i < n; i++) {
                if (block[i] != 0) {
                    add(block[i]);
                    found++;
                }
            }
        }
        return found;
    }

    private void add(double magnitude) {
        long bits = Double.doubleToRawLongBits(magnitude);
        add((int) (bits >>> MagnitudeBins.KEY_SHIFT), 1, bits >>> MagnitudeBins.STEP_SHIFT & STEPS);
    }

    private void add(int key, long count, long offset) {
        counts[key] += count;
        offsets[key] += offset;
        lowest = Math.min(lowest, key);
        highest = Math.max(highest, key);
    }

    /** What was counted since the last time. */
    public MagnitudeBins take() {
        MagnitudeBins bins = bins();
        if (highest >= lowest) {
            Arrays.fill(counts, lowest, highest + 1, 0);
            Arrays.fill(offsets, lowest, highest + 1, 0);
        }
        lowest = KEYS;
        highest = -1;
        return bins;
    }

    private MagnitudeBins bins() {
        int size = 0;
        for (int key = lowest; key <= highest; key++) {
            size += counts[key] == 0 ? 0 : 1;
        }
        long[] keys = new long[size];
        long[] n = new long[size];
        long[] sums = new long[size];
        int at = 0;
        for (int key = lowest; key <= highest; key++) {
            if (counts[key] != 0) {
                keys[at] = key;
                n[at] = counts[key];
                sums[at] = offsets[key];
                at++;
            }
        }
        return new MagnitudeBins(LongColumn.over(keys), LongColumn.over(n), LongColumn.over(sums));
    }
}
