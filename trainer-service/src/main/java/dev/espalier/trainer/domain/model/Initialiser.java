// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.random.Seeds;
import java.util.SplittableRandom;

/**
 * Draws w_init. Fully connected layers as in PyTorch, which is what the paper's code leaves them
 * at: weights uniform within ±1/√fan_in (Kaiming's uniform with a = √5), biases 0. Each parameter
 * has a generator of its own, so its values do not depend on the others.
 */
public final class Initialiser {

    private static final long PURPOSE = 0x696e6974;

    private final long seed;

    public Initialiser(long seed) {
        this.seed = seed;
    }

    /** The initial values of the parameter at {@code index} of its architecture, row-major. */
    public float[] draw(Parameter parameter, int index) {
        float[] values = new float[Math.toIntExact(parameter.size())];
        if (!parameter.isMaskable()) {
            return values;
        }
        SplittableRandom random = new SplittableRandom(Seeds.derive(seed, PURPOSE, index));
        double bound = 1 / Math.sqrt((double) parameter.fanIn());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }
}
