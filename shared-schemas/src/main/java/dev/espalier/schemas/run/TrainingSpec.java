// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The recipe of one iteration: stochastic gradient descent, with a new optimiser at every
 * iteration. Absent fields take the value of the paper (Diao et al., ICLR 2023; the defaults of its
 * code), except the epochs, of which the paper trains 200.
 *
 * @param epochs per iteration
 * @param batchSize samples per step
 * @param learningRate at the first step
 * @param momentum of the velocity, 0 to switch it off
 * @param nesterov look ahead along the velocity
 * @param weightDecay added to the gradient as weightDecay · w
 * @param clipNorm largest allowed Euclidean norm of the masked gradient
 * @param schedule of the learning rate over the epochs
 * @param milestones numbers of epochs after which {@link Schedule#STEP} lowers the rate, ascending;
 *     absent for half and three quarters of the epochs
 * @param stepFactor what it multiplies the rate with; absent for 0.1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingSpec(
        int epochs,
        int batchSize,
        double learningRate,
        double momentum,
        boolean nesterov,
        double weightDecay,
        double clipNorm,
        Schedule schedule,
        @Nullable List<Integer> milestones,
        @Nullable Double stepFactor) {

    /** How the learning rate changes over the epochs. */
    public enum Schedule {
        /** Half a cosine, to 0 over all epochs. */
        @JsonProperty("cosine")
        COSINE,
        @JsonProperty("constant")
        CONSTANT,
        /** Lower by a factor from each milestone on. */
        @JsonProperty("step")
        STEP
    }

    public static final TrainingSpec DEFAULT =
            of(null, null, null, null, null, null, null, null, null, null);

    public TrainingSpec {
        atLeast("training.epochs", epochs, 1);
        atLeast("training.batchSize", batchSize, 1);
        positive("training.learningRate", learningRate);
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(
                    "training.momentum is " + momentum + ", outside 0 (included) to 1");
        }
        if (!(weightDecay >= 0 && Double.isFinite(weightDecay))) {
            throw new IllegalArgumentException(
                    "training.weightDecay is " + weightDecay + ", not a number from 0 up");
        }
        positive("training.clipNorm", clipNorm);
        if (milestones != null) {
            milestones = List.copyOf(milestones);
            for (int i = 0; i < milestones.size(); i++) {
                if (milestones.get(i) <= (i == 0 ? 0 : milestones.get(i - 1))) {
                    throw new IllegalArgumentException(
                            "training.milestones is " + milestones + ", not ascending from 1 up");
                }
            }
        }
        if (stepFactor != null && !(stepFactor > 0 && stepFactor <= 1)) {
            throw new IllegalArgumentException(
                    "training.stepFactor is " + stepFactor + ", outside 0 to 1 (included)");
        }
    }

    /** Without milestones. */
    public TrainingSpec(
            int epochs,
            int batchSize,
            double learningRate,
            double momentum,
            boolean nesterov,
            double weightDecay,
            double clipNorm,
            Schedule schedule) {
        this(
                epochs,
                batchSize,
                learningRate,
                momentum,
                nesterov,
                weightDecay,
                clipNorm,
                schedule,
                null,
                null);
    }

    @com.fasterxml.jackson.annotation.JsonCreator
    static TrainingSpec of(
            @JsonProperty("epochs") @Nullable Integer epochs,
            @JsonProperty("batchSize") @Nullable Integer batchSize,
            @JsonProperty("learningRate") @Nullable Double learningRate,
            @JsonProperty("momentum") @Nullable Double momentum,
            @JsonProperty("nesterov") @Nullable Boolean nesterov,
            @JsonProperty("weightDecay") @Nullable Double weightDecay,
            @JsonProperty("clipNorm") @Nullable Double clipNorm,
            @JsonProperty("schedule") @Nullable Schedule schedule,
            @JsonProperty("milestones") @Nullable List<Integer> milestones,
            @JsonProperty("stepFactor") @Nullable Double stepFactor) {
        return new TrainingSpec(
                epochs == null ? 10 : epochs,
                batchSize == null ? 250 : batchSize,
                learningRate == null ? 0.1 : learningRate,
                momentum == null ? 0.9 : momentum,
                nesterov == null || nesterov,
                weightDecay == null ? 5e-4 : weightDecay,
                clipNorm == null ? 1.0 : clipNorm,
                schedule == null ? Schedule.COSINE : schedule,
                milestones,
                stepFactor);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", below " + least);
        }
    }

    private static void positive(String name, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " is " + value + ", not a number above 0");
        }
    }
}
