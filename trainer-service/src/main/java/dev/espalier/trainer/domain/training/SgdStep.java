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
 * their momentum are +0 before, hence +0 after.
 */
public final class SgdStep {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    /** As in {@code torch.nn.utils.clip_grad_norm_}. */
    private static final double NORM_FLOOR = 1e-6;

    private SgdStep() {}

    /** Euclidean norm of the masked gradient, summed in a fixed order. */
    public static double gradientNorm(ParameterArena arena) {
        MemorySegment g = arena.gradients();
        MemorySegment k = arena.mask();
        long length = arena.length();
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        for (long i = 0; i < length; i += 4) {
            double a = g.getAtIndex(FLOAT, i) * k.getAtIndex(FLOAT, i);
            double b = g.getAtIndex(FLOAT, i + 1) * k.getAtIndex(FLOAT, i + 1);
            double c = g.getAtIndex(FLOAT, i + 2) * k.getAtIndex(FLOAT, i + 2);
            double d = g.getAtIndex(FLOAT, i + 3) * k.getAtIndex(FLOAT, i + 3);
            s0 += a * a;
            s1 += b * b;
            s2 += c * c;
            s3 += d * d;
        }
        return Math.sqrt((s0 + s1) + (s2 + s3));
    }

    /** Applies the step; the gradient is 0 afterwards. */
    public static void apply(
            ParameterArena arena, TrainingSpec recipe, double learningRate, double gradientNorm) {
        MemorySegment w = arena.weights();
        MemorySegment g = arena.gradients();
        MemorySegment m = arena.momentum();
        MemorySegment k = arena.mask();
        float clip = (float) Math.min(1, recipe.clipNorm() / (gradientNorm + NORM_FLOOR));
        float decay = (float) recipe.weightDecay();
        float mu = (float) recipe.momentum();
        float ahead = recipe.nesterov() ? mu : 1;
        float own = recipe.nesterov() ? 1 : 0;
        float rate = (float) -learningRate;
        long length = arena.length();
        for (long i = 0; i < length; i++) {
            float weight = w.getAtIndex(FLOAT, i);
            float gradient =
                    Math.fma(weight, decay, g.getAtIndex(FLOAT, i) * clip * k.getAtIndex(FLOAT, i));
            float velocity = Math.fma(m.getAtIndex(FLOAT, i), mu, gradient);
            float update = Math.fma(velocity, ahead, own * gradient);
            w.setAtIndex(FLOAT, i, Math.fma(update, rate, weight));
            m.setAtIndex(FLOAT, i, velocity);
            g.setAtIndex(FLOAT, i, 0);
        }
    }
}
