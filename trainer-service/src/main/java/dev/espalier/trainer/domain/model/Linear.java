// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.data.PixelOrder;
import java.util.List;

/** One affine map from pixels to classes. */
public record Linear(int inputs, int classes) implements Architecture {

    static final String NAME = "linear";

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
        return List.of(new Layer.Affine("linear", inputs, classes));
    }
}
