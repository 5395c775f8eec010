// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.trainer.domain.model.Parameter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * All parameters of a network in four flat pieces of native memory: weights, gradients, momentum
 * and mask (1 alive, 0 pruned). Each parameter has a slot that begins on a multiple of 64 bytes;
 * what pads it is 0 everywhere and stays 0. One pass over the whole is an optimiser step.
 */
public final class ParameterArena implements AutoCloseable {

    /** Floats per 64 bytes. */
    static final int LINE = 16;

    private final Arena memory = Arena.ofShared();
    private final List<Parameter> parameters;
    private final long[] offsets;
    private final long length;
    private final MemorySegment weights;
    private final MemorySegment gradients;
    private final MemorySegment momentum;
    private final MemorySegment mask;

    public ParameterArena(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
        this.offsets = new long[parameters.size()];
        long next = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = next;
            next += (parameters.get(i).size() + LINE - 1) / LINE * LINE;
        }
        this.length = next;
        this.weights = memory.allocate(4 * length, 64);
        this.gradients = memory.allocate(4 * length, 64);
        this.momentum = memory.allocate(4 * length, 64);
        this.mask = memory.allocate(4 * length, 64);
        for (int i = 0; i < offsets.length; i++) {
            unmask(i);
        }
    }

    /** Number of floats of each piece, a multiple of {@link #LINE}. */
    long length() {
        return length;
    }

    MemorySegment weights() {
        return weights;
    }

    MemorySegment gradients() {
        return gradients;
    }

    MemorySegment momentum() {
        return momentum;
    }

    MemorySegment mask() {
        return mask;
    }

    /** The weights of one parameter, row-major, without padding. */
    public MemorySegment weights(int parameter) {
        return slot(weights, parameter);
    }

    /** The gradient of one parameter. */
    public MemorySegment gradients(int parameter) {
        return slot(gradients, parameter);
    }

    /** The momentum of one parameter. */
    public MemorySegment momentum(int parameter) {
        return slot(momentum, parameter);
    }

    /** Sets the weights of one parameter; what is pruned stays 0. */
    public void load(int parameter, MemorySegment values) {
        MemorySegment weight = slot(weights, parameter);
        MemorySegment alive = slot(mask, parameter);
        if (values.byteSize() != weight.byteSize()) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes, not %d"
                            .formatted(
                                    parameters.get(parameter).name(),
                                    weight.byteSize(),
                                    values.byteSize()));
        }
        MemorySegment.copy(values, 0, weight, 0, weight.byteSize());
        for (long i = 0; i < parameters.get(parameter).size(); i++) {
            if (alive.getAtIndex(ValueLayout.JAVA_FLOAT, i) == 0) {
                weight.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0);
            }
        }
    }

    public void resetMomentum() {
        momentum.fill((byte) 0);
    }

    public void unmask(int parameter) {
        MemorySegment alive = slot(mask, parameter);
        for (long i = 0; i < parameters.get(parameter).size(); i++) {
            alive.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
        }
    }

    /** Sets weights and momentum of what is pruned to +0. */
    public void mask(int parameter, MaskTensor pruning) {
        Parameter masked = parameters.get(parameter);
        if (!pruning.shape().equals(masked.shape())) {
            throw new IllegalArgumentException(
                    "Mask of shape %s for %s, which is %s"
                            .formatted(pruning.shape(), masked.name(), masked.shape()));
        }
        MemorySegment alive = slot(mask, parameter);
        MemorySegment weight = slot(weights, parameter);
        MemorySegment velocity = slot(momentum, parameter);
        for (long i = 0; i < masked.size(); i++) {
            boolean isAlive = pruning.get(i);
            alive.setAtIndex(ValueLayout.JAVA_FLOAT, i, isAlive ? 1 : 0);
            if (!isAlive) {
                weight.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0);
                velocity.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0);
            }
        }
    }

    private MemorySegment slot(MemorySegment piece, int parameter) {
        return piece.asSlice(4 * offsets[parameter], 4 * parameters.get(parameter).size());
    }

    @Override
    public void close() {
        memory.close();
    }
}
