// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.data.PixelOrder;
import java.util.List;

/** The paper's perceptron: inputs → 128 → 256 → classes, with ReLU between. */
public record Mlp(int inputs, int classes) implements Architecture {

    static final String NAME = "mlp";
    private static final int FIRST = 128;
    private static final int SECOND = 256;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public PixelOrder pixelOrder() {
        return PixelOrder.PLANAR;
    }

    @Override
    public List<Layer> layers() {
        return List.of(
                new Layer.Affine("fc1", inputs, FIRST),
                new Layer.Relu(),
                new Layer.Affine("fc2", FIRST, SECOND),
                new Layer.Relu(),
                new Layer.Affine("fc3", SECOND, classes));
    }
}
