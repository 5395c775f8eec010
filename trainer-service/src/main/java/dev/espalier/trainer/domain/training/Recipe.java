// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.schemas.run.TrainingSpec;

/**
 * How one iteration is trained.
 *
 * @param seed of the order of the images
 */
public record Recipe(TrainingSpec training, long seed) {

    /**
     * The rate of an epoch, from 0; constant within it. Cosine annealing is {@code lr/2 · (1 +
     * cos(π epoch/epochs))}, as PyTorch's scheduler gives it.
     */
    public double learningRateAt(int epoch) {
        double first = training.learningRate();
        return switch (training.schedule()) {
            case CONSTANT -> first;
            case COSINE -> first / 2 * (1 + StrictMath.cos(Math.PI * epoch / training.epochs()));
        };
    }
}
