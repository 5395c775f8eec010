// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.random;

/** Derives the seed of one purpose from the seed of a run, so that no generator has to be saved. */
public final class Seeds {

    private Seeds() {}

    /** A hash of all parts, in order (the finalizer of MurmurHash3 after each). */
    public static long derive(long seed, long... parts) {
        long hash = mix(seed);
        for (long part : parts) {
            hash = mix(hash * 31 + part + 0x9E3779B97F4A7C15L);
        }
        return hash;
    }

    private static long mix(long value) {
        long h = value;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
