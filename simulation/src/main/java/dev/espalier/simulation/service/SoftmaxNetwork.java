// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.training.Batch;
import dev.espalier.trainer.domain.training.Network;
import dev.espalier.trainer.domain.training.ParameterArena;
import dev.espalier.trainer.domain.training.Score;
import dev.espalier.trainer.domain.training.SgdStep;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * One affine map and the cross-entropy of its softmax, with the trainer's own arena and optimiser.
 * Weights are multiples of 1/64 after each step, so that many have equal magnitudes.
 */
final class SoftmaxNetwork implements Network {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final double GRID = 64;
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    private final Architecture architecture;
    private final ParameterArena arena;
    private final Mutation mutation;
    private final Runnable onStep;

    /**
     * @param onStep takes the time that a batch takes
     */
    SoftmaxNetwork(Architecture architecture, Mutation mutation, Runnable onStep) {
        if (architecture.parameters().size() != 2) {
            throw new IllegalArgumentException(
                    "%s is not one affine map".formatted(architecture.name()));
        }
        this.architecture = architecture;
        this.arena = new ParameterArena(architecture.parameters());
        this.mutation = mutation;
        this.onStep = onStep;
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public void load(int parameter, MemorySegment values) {
        arena.load(parameter, values);
    }

    @Override
    public void store(int parameter, MemorySegment target) {
        target.copyFrom(arena.weights(parameter));
    }

    @Override
    public void loadBuffer(int buffer, MemorySegment values) {}

    @Override
    public void storeBuffer(int buffer, MemorySegment target) {}

    @Override
    public void loadMomentum(int parameter, MemorySegment values) {
        if (mutation != Mutation.MOMENTUM_NOT_KEPT) {
            arena.momentum(parameter).copyFrom(values);
        }
    }

    @Override
    public void storeMomentum(int parameter, MemorySegment target) {
        target.copyFrom(arena.momentum(parameter));
    }

    @Override
    public void unmask(int parameter) {
        arena.unmask(parameter);
    }

    @Override
    public void mask(int parameter, MaskTensor mask) {
        if (mutation != Mutation.MASK_NOT_HELD) {
            arena.mask(parameter, mask);
        }
    }

    @Override
    public void resetOptimiser() {
        arena.resetMomentum();
    }

    @Override
    public double step(Batch batch, TrainingSpec recipe, double learningRate) {
        onStep.run();
        double loss = 0;
        for (int i = 0; i < batch.size(); i++) {
            double[] p = probabilities(batch, i);
            int label = batch.label(i);
            loss -= StrictMath.log(p[label]) / batch.size();
            p[label] -= 1;
            addGradient(batch, i, p);
        }
        SgdStep.apply(arena, recipe, learningRate, SgdStep.gradientNorm(arena));
        for (int parameter : List.of(WEIGHT, BIAS)) {
            MemorySegment weights = arena.weights(parameter);
            for (long j = 0; j < weights.byteSize() / 4; j++) {
                double rounded = Math.rint(weights.getAtIndex(FLOAT, j) * GRID) / GRID;
                weights.setAtIndex(FLOAT, j, (float) (rounded + 0.0));
            }
        }
        return loss;
    }

    private void addGradient(Batch batch, int image, double[] error) {
        int inputs = architecture.inputs();
        MemorySegment weight = arena.gradients(WEIGHT);
        MemorySegment bias = arena.gradients(BIAS);
        for (int c = 0; c < error.length; c++) {
            double e = error[c] / batch.size();
            for (int j = 0; j < inputs; j++) {
                long at = (long) c * inputs + j;
                double x = batch.images().getAtIndex(FLOAT, (long) image * inputs + j);
                weight.setAtIndex(FLOAT, at, (float) (weight.getAtIndex(FLOAT, at) + e * x));
            }
            bias.setAtIndex(FLOAT, c, (float) (bias.getAtIndex(FLOAT, c) + e));
        }
    }

    private double[] probabilities(Batch batch, int image) {
        int inputs = architecture.inputs();
        double[] p = new double[architecture.classes()];
        double sum = 0;
        for (int c = 0; c < p.length; c++) {
            double logit = arena.weights(BIAS).getAtIndex(FLOAT, c);
            for (int j = 0; j < inputs; j++) {
                double x = batch.images().getAtIndex(FLOAT, (long) image * inputs + j);
                logit += x * arena.weights(WEIGHT).getAtIndex(FLOAT, (long) c * inputs + j);
            }
            p[c] = StrictMath.exp(logit);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    @Override
    public void estimateStatistics(Batch batch, double share) {}

    @Override
    public Score score(Batch batch) {
        double loss = 0;
        long correct = 0;
        for (int i = 0; i < batch.size(); i++) {
            double[] p = probabilities(batch, i);
            int best = 0;
            for (int c = 1; c < p.length; c++) {
                best = p[c] > p[best] ? c : best;
            }
            loss -= StrictMath.log(p[batch.label(i)]);
            correct += best == batch.label(i) ? 1 : 0;
        }
        return new Score(loss, correct, batch.size());
    }

    @Override
    public void close() {
        arena.close();
    }
}
