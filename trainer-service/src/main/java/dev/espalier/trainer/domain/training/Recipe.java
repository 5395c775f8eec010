// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.schemas.run.TrainingSpec;
import java.util.List;

/**
 * How one iteration is trained.
 *
 * @param seed of the order of the images
 */
public record Recipe(TrainingSpec training, long seed) {

    private static final double STEP_FACTOR = 0.1;

    /**
     * The rate of an epoch, from 0; constant within it. Cosine annealing is {@code lr/2 · (1 +
     * cos(π epoch/epochs))}, as PyTorch's scheduler gives it. The step schedule multiplies the rate
     * by its factor for every milestone that is reached.
     */
    public double learningRateAt(int epoch) {
        double first = training.learningRate();
        return switch (training.schedule()) {
            case CONSTANT -> first;
            case COSINE -> first / 2 * (1 + StrictMath.cos(Math.PI * epoch / training.epochs()));
            case STEP -> first * StrictMath.pow(stepFactor(), milestonesReached(epoch));
        };
    }

    private double stepFactor() {
        Double factor = training.stepFactor();
        return factor == null ? STEP_FACTOR : factor;
    }

    private int milestonesReached(int epoch) {
        List<Integer> milestones = training.milestones();
        if (milestones == null) {
            int epochs = training.epochs();
            return (2L * epoch >= epochs ? 1 : 0) + (4L * epoch >= 3L * epochs ? 1 : 0);
        }
        return (int) milestones.stream().filter(milestone -> epoch >= milestone).count();
    }
}
