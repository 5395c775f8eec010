// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.random.Seeds;
import java.util.SplittableRandom;

/** The order of the images in an epoch: a function of seed, iteration and epoch. */
final class Shuffle {

    private static final long PURPOSE = 0x73687566;

    private Shuffle() {}

    static int[] order(int size, long seed, int iteration, int epoch) {
        SplittableRandom random =
                new SplittableRandom(Seeds.derive(seed, PURPOSE, iteration, epoch));
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
