// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.random;

import java.util.SplittableRandom;

/** A random order, a function of its seed (the inside-out Fisher-Yates shuffle). */
public final class Permutation {

    private Permutation() {}

    public static int[] of(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
