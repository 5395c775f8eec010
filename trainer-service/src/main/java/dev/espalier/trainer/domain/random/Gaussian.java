// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.random;

import java.util.SplittableRandom;

/**
 * Standard normal numbers by Marsaglia's polar method in {@link StrictMath}. The JDK's own {@code
 * nextGaussian} promises neither an algorithm nor its last bit.
 */
public final class Gaussian {

    private final SplittableRandom random;
    private double spare;
    private boolean hasSpare;

    public Gaussian(SplittableRandom random) {
        this.random = random;
    }

    /** The next number. */
    public double next() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double x;
        double y;
        double square;
        do {
            x = 2 * random.nextDouble() - 1;
            y = 2 * random.nextDouble() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
        spare = y * factor;
        hasSpare = true;
        return x * factor;
    }
}
