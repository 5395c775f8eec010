// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.PixelOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The paper's plain convolutional network: 3×3 convolutions to 64, 128, 256 and 512 channels, each
 * with batch norm and ReLU, halved after the first three, then the mean of each channel.
 */
public record Cnn(ImageShape input, int classes) implements Architecture {

    static final String NAME = "cnn";
    private static final int[] CHANNELS = {64, 128, 256, 512};

    /** Three times halved, something must be left. */
    private static final int SMALLEST_SIDE = 8;

    public Cnn {
        if (input.height() < SMALLEST_SIDE || input.width() < SMALLEST_SIDE) {
            throw new UnknownModelException(NAME, SMALLEST_SIDE, input);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int inputs() {
        return input.size();
    }

    @Override
    public PixelOrder pixelOrder() {
        return PixelOrder.INTERLEAVED;
    }

    @Override
    public List<Layer> layers() {
        List<Layer> layers = new ArrayList<>();
        int channels = input.channels();
        for (int i = 0; i < CHANNELS.length; i++) {
            int number = i + 1;
            layers.add(new Layer.Convolution("conv" + number, channels, CHANNELS[i], 3, 1, true));
            channels = CHANNELS[i];
            layers.add(new Layer.BatchNorm("bn" + number, channels));
            layers.add(new Layer.Relu());
            if (number < CHANNELS.length) {
                layers.add(new Layer.MaxPool(2));
            }
        }
        layers.add(new Layer.GlobalMean());
        layers.add(new Layer.Affine("linear", channels, classes));
        return layers;
    }
}
