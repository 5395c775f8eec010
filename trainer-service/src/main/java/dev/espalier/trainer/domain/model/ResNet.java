// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.PixelOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Residual networks with pre-activation for small images, as in the paper: a 3×3 convolution,
 * groups of blocks of which all but the first halve the image, a last batch norm, the mean of each
 * channel. A block that changes the shape has a 1×1 shortcut, fed with what its body is fed with.
 */
public record ResNet(String name, ImageShape input, int classes) implements Architecture {

    static final String RESNET18 = "resnet18";
    static final String RESNET50 = "resnet50";
    static final String WRESNET28X8 = "wresnet28x8";

    /** Output channels of a bottleneck, per channel of its width. */
    private static final int EXPANSION = 4;

    private record Plan(
            int stem, List<Integer> widths, List<Integer> blocks, boolean isBottleneck) {}

    private Plan plan() {
        return switch (name) {
            case RESNET18 -> new Plan(64, List.of(64, 128, 256, 512), List.of(2, 2, 2, 2), false);
            case RESNET50 -> new Plan(64, List.of(64, 128, 256, 512), List.of(3, 4, 6, 3), true);
            case WRESNET28X8 -> new Plan(16, List.of(128, 256, 512), List.of(4, 4, 4), false);
            default -> throw new UnknownModelException(name);
        };
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
        Plan plan = plan();
        List<Layer> layers = new ArrayList<>();
        layers.add(new Layer.Convolution("conv1", input.channels(), plan.stem(), 3, 1, false));
        int channels = plan.stem();
        for (int group = 0; group < plan.widths().size(); group++) {
            int width = plan.widths().get(group);
            for (int block = 0; block < plan.blocks().get(group); block++) {
                String prefix = "layer%d.%d.".formatted(group + 1, block);
                int stride = group > 0 && block == 0 ? 2 : 1;
                layers.add(
                        plan.isBottleneck()
                                ? bottleneck(prefix, channels, width, stride)
                                : basic(prefix, channels, width, stride));
                channels = plan.isBottleneck() ? EXPANSION * width : width;
            }
        }
        layers.add(new Layer.BatchNorm("bn", channels));
        layers.add(new Layer.Relu());
        layers.add(new Layer.GlobalMean());
        layers.add(new Layer.Affine("linear", channels, classes));
        return layers;
    }

    private static Layer basic(String prefix, int inputs, int width, int stride) {
        return new Layer.Residual(
                activation(prefix + "bn1", inputs),
                List.of(
                        convolution(prefix + "conv1", inputs, width, 3, stride),
                        new Layer.BatchNorm(prefix + "bn2", width),
                        new Layer.Relu(),
                        convolution(prefix + "conv2", width, width, 3, 1)),
                shortcut(prefix, inputs, width, stride));
    }

    private static Layer bottleneck(String prefix, int inputs, int width, int stride) {
        int outputs = EXPANSION * width;
        return new Layer.Residual(
                activation(prefix + "bn1", inputs),
                List.of(
                        convolution(prefix + "conv1", inputs, width, 1, 1),
                        new Layer.BatchNorm(prefix + "bn2", width),
                        new Layer.Relu(),
                        convolution(prefix + "conv2", width, width, 3, stride),
                        new Layer.BatchNorm(prefix + "bn3", width),
                        new Layer.Relu(),
                        convolution(prefix + "conv3", width, outputs, 1, 1)),
                shortcut(prefix, inputs, outputs, stride));
    }

    private static List<Layer> activation(String name, int channels) {
        return List.of(new Layer.BatchNorm(name, channels), new Layer.Relu());
    }

    private static List<Layer> shortcut(String prefix, int inputs, int outputs, int stride) {
        return stride == 1 && inputs == outputs
                ? List.of()
                : List.of(convolution(prefix + "shortcut", inputs, outputs, 1, stride));
    }

    private static Layer convolution(String name, int inputs, int outputs, int kernel, int stride) {
        return new Layer.Convolution(name, inputs, outputs, kernel, stride, false);
    }
}
