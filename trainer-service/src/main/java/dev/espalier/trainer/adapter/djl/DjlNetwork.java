// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.model.Parameter;
import dev.espalier.trainer.domain.training.Batch;
import dev.espalier.trainer.domain.training.DivergedException;
import dev.espalier.trainer.domain.training.Network;
import dev.espalier.trainer.domain.training.ParameterArena;
import dev.espalier.trainer.domain.training.Score;
import dev.espalier.trainer.domain.training.SgdStep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network whose parameters and gradients are views of a {@link ParameterArena}: PyTorch writes
 * gradients straight into it, and the optimiser step never crosses the border.
 *
 * <p>Results of an operation belong to the manager of its first operand, so every step works in a
 * manager of its own, and no native array outlives it.
 */
final class DjlNetwork implements Network {

    /** Of a batch in the running statistics: what PyTorch calls the momentum of batch norm. */
    private static final double SHARE = 0.1;

    private final NDManager manager;
    private final Architecture architecture;
    private final Forward forward;
    private final ParameterArena arena;
    private final Arena memory = Arena.ofShared();
    private final List<PtNDArray> parameters = new ArrayList<>();
    private final List<MemorySegment> buffers = new ArrayList<>();
    private final PtNDArray one;
    private boolean gradientsAreBound;

    DjlNetwork(NDManager manager, Architecture architecture) {
        this.manager = manager;
        this.architecture = architecture;
        List<Parameter> specs = architecture.parameters();
        this.arena = new ParameterArena(specs);
        this.one = (PtNDArray) manager.create(1f);
        Map<String, PtNDArray> state = new HashMap<>();
        for (int i = 0; i < specs.size(); i++) {
            PtNDArray view = view(arena.weights(i), specs.get(i));
            view.setRequiresGradient(true);
            parameters.add(view);
            state.put(specs.get(i).name(), view);
        }
        for (Parameter buffer : architecture.buffers()) {
            MemorySegment values = memory.allocate(4 * buffer.size(), 64);
            buffers.add(values);
            state.put(buffer.name(), view(values, buffer));
        }
        this.forward = new Forward(architecture.layers(), state);
    }

    private PtNDArray view(MemorySegment values, Parameter spec) {
        Shape shape = new Shape(spec.shape().stream().mapToLong(Long::longValue).toArray());
        return (PtNDArray) manager.create(buffer(values), shape, DataType.FLOAT32);
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
    public void loadBuffer(int buffer, MemorySegment values) {
        buffers.get(buffer).copyFrom(values);
    }

    @Override
    public void storeBuffer(int buffer, MemorySegment target) {
        target.copyFrom(buffers.get(buffer));
    }

    @Override
    public void loadMomentum(int parameter, MemorySegment values) {
        arena.momentum(parameter).copyFrom(values);
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
        arena.mask(parameter, mask);
    }

    @Override
    public void resetOptimiser() {
        arena.resetMomentum();
    }

    @Override
    public double step(Batch batch, TrainingSpec recipe, double learningRate) {
        JniUtils.setGradMode(true);
        double loss;
        try (NDManager scope = manager.newSubManager()) {
            NDArray logits = forward.logits(images(scope, batch), Forward.Mode.LEARNING, SHARE);
            NDArray labels = labels(scope, batch);
            NDArray mean = logits.logSoftmax(1).gather(labels, 1).mean().neg();
            loss = mean.getFloat();
            if (!Double.isFinite(loss)) {
                throw new DivergedException("the loss is " + loss);
            }
            JniUtils.backward((PtNDArray) mean, one, false, false);
        }
        if (!gradientsAreBound) {
            bindGradients();
        }
        double norm = SgdStep.gradientNorm(arena);
        if (!Double.isFinite(norm)) {
            throw new DivergedException("the norm of the gradient is " + norm);
        }
        SgdStep.apply(arena, recipe, learningRate, norm);
        return loss;
    }

    @Override
    public void estimateStatistics(Batch batch, double share) {
        JniUtils.setGradMode(false);
        try (NDManager scope = manager.newSubManager()) {
            forward.logits(images(scope, batch), Forward.Mode.LEARNING, share);
        }
    }

    @Override
    public Score score(Batch batch) {
        JniUtils.setGradMode(false);
        float[] logits;
        try (NDManager scope = manager.newSubManager()) {
            logits =
                    forward.logits(images(scope, batch), Forward.Mode.CLASSIFYING, 0)
                            .toFloatArray();
        }
        int classes = architecture.classes();
        double lossSum = 0;
        long correct = 0;
        for (int i = 0; i < batch.size(); i++) {
            int row = i * classes;
            int best = 0;
            for (int c = 1; c < classes; c++) {
                if (logits[row + c] > logits[row + best]) {
                    best = c;
                }
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += StrictMath.exp((double) logits[row + c] - logits[row + best]);
            }
            int label = batch.label(i);
            lossSum += StrictMath.log(sum) - ((double) logits[row + label] - logits[row + best]);
            correct += best == label ? 1 : 0;
        }
        return new Score(lossSum, correct, batch.size());
    }

    /** The first backward pass allocates the gradients; from then on they live in the arena. */
    private void bindGradients() {
        for (int i = 0; i < parameters.size(); i++) {
            try (NDArray gradient = parameters.get(i).getGradient()) {
                MemorySegment slot = arena.gradients(i);
                slot.copyFrom(MemorySegment.ofBuffer(gradient.toByteBuffer(true)));
                gradient.set(buffer(slot));
            }
        }
        gradientsAreBound = true;
    }

    /**
     * Images by pixel are seen as (batch, channels, height, width) through their strides: PyTorch
     * calls that channels last, and every layer keeps to it.
     */
    private static PtNDArray images(NDManager scope, Batch batch) {
        ImageShape shape = batch.shape();
        return switch (batch.pixelOrder()) {
            case PLANAR ->
                    create(scope, batch.images(), new Shape(batch.size(), batch.imageSize()));
            case INTERLEAVED ->
                    JniUtils.permute(
                            create(
                                    scope,
                                    batch.images(),
                                    new Shape(
                                            batch.size(),
                                            shape.height(),
                                            shape.width(),
                                            shape.channels())),
                            new long[] {0, 3, 1, 2});
        };
    }

    private static PtNDArray create(NDManager scope, MemorySegment values, Shape shape) {
        return (PtNDArray) scope.create(buffer(values), shape, DataType.FLOAT32);
    }

    private static NDArray labels(NDManager scope, Batch batch) {
        return scope.create(buffer(batch.labels()), new Shape(batch.size(), 1), DataType.INT64);
    }

    private static ByteBuffer buffer(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        manager.close();
        arena.close();
        memory.close();
    }
}
