// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.random.Seeds;
import java.util.SplittableRandom;

/** The randomness of each image in one epoch: a function of these numbers, so none is saved. */
record Augmenting(long seed, int iteration, int epoch) {

    private static final long PURPOSE = 0x61756720;

    SplittableRandom randomFor(int image) {
        return new SplittableRandom(Seeds.derive(seed, PURPOSE, iteration, epoch, image));
    }
}
