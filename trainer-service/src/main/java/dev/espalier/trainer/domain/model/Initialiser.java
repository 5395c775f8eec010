// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.random.Gaussian;
import dev.espalier.trainer.domain.random.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws w_init as the paper's code does. Convolutions are normal with variance 2/fan_out (Kaiming).
 * Fully connected layers are as in PyTorch: uniform within ±1/√fan_in (Kaiming's uniform with a =
 * √5). Scales of batch norm and running variances are 1, everything else is 0. Each parameter has a
 * generator of its own, so its values do not depend on the others.
 */
public final class Initialiser {

    private static final long PURPOSE = 0x696e6974;

    private final long seed;

    public Initialiser(long seed) {
        this.seed = seed;
    }

    /**
     * The initial values of a parameter or buffer, row-major.
     *
     * @param index of a parameter in its architecture; of no meaning for a buffer
     */
    public float[] draw(Parameter parameter, int index) {
        float[] values = new float[Math.toIntExact(parameter.size())];
        SplittableRandom random = new SplittableRandom(Seeds.derive(seed, PURPOSE, index));
        switch (parameter.shape().size()) {
            case 4 -> normal(values, Math.sqrt(2.0 / parameter.fanOut()), random);
            case 2 -> uniform(values, 1 / Math.sqrt((double) parameter.fanIn()), random);
            default -> Arrays.fill(values, startsAtOne(parameter) ? 1 : 0);
        }
        return values;
    }

    private static boolean startsAtOne(Parameter parameter) {
        return parameter.name().endsWith(".weight")
                || parameter.name().endsWith(Parameter.RUNNING_VARIANCE);
    }

    private static void normal(float[] values, double deviation, SplittableRandom random) {
        Gaussian gaussian = new Gaussian(random);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * gaussian.next());
        }
    }

    private static void uniform(float[] values, double bound, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
    }
}
