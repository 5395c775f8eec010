// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.random.Permutation;
import dev.espalier.trainer.domain.random.Seeds;

/** The order of the images in an epoch: a function of seed, iteration and epoch. */
final class Shuffle {

    private static final long PURPOSE = 0x73687566;

    private Shuffle() {}

    static int[] order(int size, long seed, int iteration, int epoch) {
        return Permutation.of(size, Seeds.derive(seed, PURPOSE, iteration, epoch));
    }
}
