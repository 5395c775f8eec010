// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection.kernel;

/** Plain loops, free of branches: for a Java without the Vector API. */
public final class ScalarKernel implements Kernel {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int compare(short[] tile, int n, int low, int top, long[] below, long[] upTo) {
        int largest = 0;
        for (int at = 0; at < n; at += 64) {
            long less = 0;
            long more = 0;
            for (int i = 0; i < 64; i++) {
                int key = tile[at + i] & Short.MAX_VALUE;
                largest = Math.max(largest, key);
                less |= ((long) (key - low) >>> 63) << i;
                more |= ((long) (top - key) >>> 63) << i;
            }
            below[at >>> 6] = less;
            upTo[at >>> 6] = ~more;
        }
        return largest;
    }

    @Override
    public int compare(int[] tile, int n, int low, int top, long[] below, long[] upTo) {
        int largest = 0;
        for (int at = 0; at < n; at += 64) {
            long less = 0;
            long more = 0;
            for (int i = 0; i < 64; i++) {
                int key = tile[at + i] & Integer.MAX_VALUE;
                largest = Math.max(largest, key);
                less |= ((long) (key - low) >>> 63) << i;
                more |= ((long) (top - key) >>> 63) << i;
            }
            below[at >>> 6] = less;
            upTo[at >>> 6] = ~more;
        }
        return largest;
    }

    @Override
    public long compare(long[] tile, int n, long low, long top, long[] below, long[] upTo) {
        long largest = 0;
        for (int at = 0; at < n; at += 64) {
            long less = 0;
            long more = 0;
            for (int i = 0; i < 64; i++) {
                long key = tile[at + i] & Long.MAX_VALUE;
                largest = Math.max(largest, key);
                less |= ((key - low) >>> 63) << i;
                more |= ((top - key) >>> 63) << i;
            }
            below[at >>> 6] = less;
            upTo[at >>> 6] = ~more;
        }
        return largest;
    }
}
