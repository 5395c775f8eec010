// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.espalier.trainer.domain.model.Layer;
import java.util.List;
import java.util.Map;

/**
 * What each layer computes. Batch norm is called directly: DJL's own block swaps axes back and
 * forth and keeps a manager per call.
 *
 * @param state parameters and buffers, by name
 */
record Forward(List<Layer> layers, Map<String, PtNDArray> state) {

    private static final double EPSILON = 1e-5;
    private static final Shape ONE = new Shape(1, 1);

    /** How batch norm behaves. */
    enum Mode {
        LEARNING,
        CLASSIFYING
    }

    /**
     * Logits (batch, classes).
     *
     * @param share that a batch takes in the running statistics
     */
    PtNDArray logits(PtNDArray images, Mode mode, double share) {
        return apply(layers, images, mode, share);
    }

    private PtNDArray apply(List<Layer> sequence, PtNDArray input, Mode mode, double share) {
        PtNDArray x = input;
        for (Layer layer : sequence) {
            x = apply(layer, x, mode, share);
        }
        return x;
    }

    private PtNDArray apply(Layer layer, PtNDArray x, Mode mode, double share) {
        return switch (layer) {
            case Layer.Affine affine ->
                    JniUtils.linear(x, of(affine, ".weight"), of(affine, ".bias"));
            case Layer.Convolution convolution -> convolve(convolution, x);
            case Layer.BatchNorm norm ->
                    JniUtils.batchNorm(
                            x,
                            get(norm.name() + ".running_mean"),
                            get(norm.name() + ".running_var"),
                            get(norm.name() + ".weight"),
                            get(norm.name() + ".bias"),
                            mode == Mode.LEARNING,
                            share,
                            EPSILON);
            case Layer.Relu _ -> JniUtils.relu(x);
            case Layer.MaxPool pool -> {
                Shape side = new Shape(pool.side(), pool.side());
                yield JniUtils.maxPool(x, side, side, new Shape(0, 0), false);
            }
            case Layer.GlobalMean _ -> JniUtils.flatten(JniUtils.adaptiveAvgPool(x, ONE), 1, -1);
            case Layer.Residual residual -> {
                PtNDArray active = apply(residual.activation(), x, mode, share);
                PtNDArray past =
                        residual.shortcut().isEmpty()
                                ? x
                                : apply(residual.shortcut(), active, mode, share);
                yield JniUtils.add(apply(residual.body(), active, mode, share), past);
            }
        };
    }

    @SuppressWarnings("NullAway") // DJL takes no bias as null.
    private PtNDArray convolve(Layer.Convolution convolution, PtNDArray x) {
        int padding = convolution.kernel() / 2;
        return JniUtils.convolution(
                x,
                get(convolution.name() + ".weight"),
                convolution.hasBias() ? get(convolution.name() + ".bias") : null,
                new Shape(convolution.stride(), convolution.stride()),
                new Shape(padding, padding),
                ONE,
                1);
    }

    private PtNDArray of(Layer.Affine affine, String suffix) {
        return get(affine.name() + suffix);
    }

    private PtNDArray get(String name) {
        PtNDArray array = state.get(name);
        if (array == null) {
            throw new IllegalStateException("No parameter or buffer " + name);
        }
        return array;
    }
}
