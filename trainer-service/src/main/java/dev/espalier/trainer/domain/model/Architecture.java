// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.data.ImageShape;
import java.util.List;

/** A network for images of one shape and a number of classes. */
public sealed interface Architecture permits Linear, Mlp {

    /** Names by which {@link #of} knows the networks. */
    List<String> NAMES = List.of(Linear.NAME, Mlp.NAME);

    /** The network of a name, or a refusal that lists the names. */
    static Architecture of(String name, ImageShape input, int classes) {
        return switch (name) {
            case Linear.NAME -> new Linear(input.size(), classes);
            case Mlp.NAME -> new Mlp(input.size(), classes);
            default -> throw new UnknownModelException(name);
        };
    }

    String name();

    /** Number of input values of one image. */
    int inputs();

    int classes();

    /** In the order in which they are applied; names are unique. */
    List<Parameter> parameters();

    /** Number of weights that a mask may cover. */
    default long maskableWeights() {
        return parameters().stream().filter(Parameter::isMaskable).mapToLong(Parameter::size).sum();
    }
}
