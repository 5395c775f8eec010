// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

/** Result of classifying {@code count} images; scores of disjoint parts add. */
public record Score(double lossSum, long correct, long count) {

    public static final Score NONE = new Score(0, 0, 0);

    public Score plus(Score other) {
        return new Score(lossSum + other.lossSum, correct + other.correct, count + other.count);
    }

    /** Mean cross-entropy, in nats. */
    public double loss() {
        return lossSum / count;
    }

    /** Share of correct answers, 0 to 1. */
    public double accuracy() {
        return (double) correct / count;
    }
}
