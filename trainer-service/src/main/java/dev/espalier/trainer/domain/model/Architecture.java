// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.PixelOrder;
import java.util.List;

/** A network for images of one shape and a number of classes. */
public sealed interface Architecture permits Linear, Mlp, Cnn, ResNet {

    /** Names by which {@link #of} knows the networks. */
    List<String> NAMES =
            List.of(
                    Linear.NAME,
                    Mlp.NAME,
                    Cnn.NAME,
                    ResNet.RESNET18,
                    ResNet.RESNET50,
                    ResNet.WRESNET28X8);

    /** The network of a name, or a refusal that lists the names. */
    static Architecture of(String name, ImageShape input, int classes) {
        return switch (name) {
            case Linear.NAME -> new Linear(input.size(), classes);
            case Mlp.NAME -> new Mlp(input.size(), classes);
            case Cnn.NAME -> new Cnn(input, classes);
            case ResNet.RESNET18, ResNet.RESNET50, ResNet.WRESNET28X8 ->
                    new ResNet(name, input, classes);
            default -> throw new UnknownModelException(name);
        };
    }

    String name();

    /** Number of input values of one image. */
    int inputs();

    int classes();

    /** In the order in which they are applied. */
    List<Layer> layers();

    /** How the network wants its images: flat, or by pixel. */
    PixelOrder pixelOrder();

    /** In the order in which they are applied; names are unique. */
    default List<Parameter> parameters() {
        return layers().stream().flatMap(layer -> layer.parameters().stream()).toList();
    }

    /** State that is not trained, rewound and stored with the parameters. */
    default List<Parameter> buffers() {
        return layers().stream().flatMap(layer -> layer.buffers().stream()).toList();
    }

    /** Number of weights that a mask may cover. */
    default long maskableWeights() {
        return parameters().stream().filter(Parameter::isMaskable).mapToLong(Parameter::size).sum();
    }
}
