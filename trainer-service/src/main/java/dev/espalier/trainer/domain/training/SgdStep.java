// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.schemas.run.TrainingSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One step of SGD over a whole {@link ParameterArena}, in two passes: the norm of the gradient of
 * the weights alive, then clip, weight decay, momentum, Nesterov, update and zeroing of the
 * gradient in one. Per weight, with PyTorch's meaning of momentum under a schedule:
 *
 * <pre>
 * g ← clip · mask · g + decay · w
 * m ← momentum · m + g
 * w ← w − rate · (g + momentum · m)     Nesterov, else w − rate · m
 * </pre>
 *
 * <p>The mask comes before the norm, so that pruned weights do not count in it. Pruned weights and
 * their momentum are +0 before, hence +0 after. Where the machine has vectors, both passes are
 * {@link VectorStep}'s, with the same bytes.
 */
public final class SgdStep {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    /** As in {@code torch.nn.utils.clip_grad_norm_}. */
    private static final double NORM_FLOOR = 1e-6;

    /** Sums of the norm; a divisor of {@link ParameterArena#LINE}. */
    private static final int LANES = 8;

    private static final boolean IN_VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                    && VectorStep.isFast();

    private SgdStep() {}

    /** What is the same for all weights. */
    record Factors(float clip, float decay, float momentum, float ahead, float own, float rate) {}

    /** Euclidean norm of the masked gradient, summed in a fixed order. */
    public static double gradientNorm(ParameterArena arena) {
        return gradientNorm(arena, IN_VECTORS);
    }

    static double gradientNorm(ParameterArena arena, boolean inVectors) {
        double[] sums = new double[LANES];
        if (inVectors) {
            VectorStep.addSquares(arena.gradients(), arena.mask(), arena.length(), sums);
        } else {
            addSquares(arena, sums);
        }
        double low = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        double high = (sums[4] + sums[5]) + (sums[6] + sums[7]);
        return Math.sqrt(low + high);
    }

    private static void addSquares(ParameterArena arena, double[] sums) {
        MemorySegment g = arena.gradients();
        MemorySegment k = arena.mask();
        long length = arena.length();
        for (long i = 0; i < length; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                double x = g.getAtIndex(FLOAT, i + lane) * k.getAtIndex(FLOAT, i + lane);
                sums[lane] += x * x;
            }
        }
    }

    /** Applies the step; the gradient is 0 afterwards. */
    public static void apply(
            ParameterArena arena, TrainingSpec recipe, double learningRate, double gradientNorm) {
        apply(arena, recipe, learningRate, gradientNorm, IN_VECTORS);
    }

    static void apply(
            ParameterArena arena,
            TrainingSpec recipe,
            double learningRate,
            double gradientNorm,
            boolean inVectors) {
        float mu = (float) recipe.momentum();
        Factors factors =
                new Factors(
                        (float) Math.min(1, recipe.clipNorm() / (gradientNorm + NORM_FLOOR)),
                        (float) recipe.weightDecay(),
                        mu,
                        recipe.nesterov() ? mu : 1,
                        recipe.nesterov() ? 1 : 0,
                        (float) -learningRate);
        if (inVectors) {
            VectorStep.apply(arena, factors);
        } else {
            apply(arena, factors);
        }
    }

    private static void apply(ParameterArena arena, Factors f) {
        MemorySegment w = arena.weights();
        MemorySegment g = arena.gradients();
        MemorySegment m = arena.momentum();
        MemorySegment k = arena.mask();
        long length = arena.length();
        for (long i = 0; i < length; i++) {
            float weight = w.getAtIndex(FLOAT, i);
            float gradient =
                    Math.fma(
                            weight,
                            f.decay(),
                            g.getAtIndex(FLOAT, i) * f.clip() * k.getAtIndex(FLOAT, i));
            float velocity = Math.fma(m.getAtIndex(FLOAT, i), f.momentum(), gradient);
            float update = Math.fma(velocity, f.ahead(), f.own() * gradient);
            w.setAtIndex(FLOAT, i, Math.fma(update, f.rate(), weight));
            m.setAtIndex(FLOAT, i, velocity);
            g.setAtIndex(FLOAT, i, 0);
        }
    }
}
