// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a network is made of. A layer knows its name, hence the names of its parameters, as a
 * PyTorch module does; the engine knows how it is computed.
 */
public sealed interface Layer {

    /** What is trained, in the order of PyTorch's {@code state_dict}. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** What is not trained but belongs to the state: running statistics. */
    default List<Parameter> buffers() {
        return List.of();
    }

    /** (batch, inputs) to (batch, outputs). */
    record Affine(String name, int inputs, int outputs) implements Layer {

        @Override
        public List<Parameter> parameters() {
            return List.of(
                    Parameter.of(name + ".weight", outputs, inputs),
                    Parameter.of(name + ".bias", outputs));
        }
    }

    /** Square kernel of odd size, padded by half of it. */
    record Convolution(
            String name, int inputs, int outputs, int kernel, int stride, boolean hasBias)
            implements Layer {

        @Override
        public List<Parameter> parameters() {
            Parameter weight = Parameter.of(name + ".weight", outputs, inputs, kernel, kernel);
            return hasBias
                    ? List.of(weight, Parameter.of(name + ".bias", outputs))
                    : List.of(weight);
        }
    }

    /** With PyTorch's defaults: running statistics take a tenth of each batch, epsilon is 1e-5. */
    record BatchNorm(String name, int channels) implements Layer {

        @Override
        public List<Parameter> parameters() {
            return List.of(
                    Parameter.of(name + ".weight", channels),
                    Parameter.of(name + ".bias", channels));
        }

        @Override
        public List<Parameter> buffers() {
            return List.of(
                    Parameter.of(name + Parameter.RUNNING_MEAN, channels),
                    Parameter.of(name + Parameter.RUNNING_VARIANCE, channels));
        }
    }

    record Relu() implements Layer {}

    /** The largest of each square of this side; squares do not overlap. */
    record MaxPool(int side) implements Layer {}

    /** (batch, channels, height, width) to (batch, channels). */
    record GlobalMean() implements Layer {}

    /**
     * Pre-activation: with {@code a = activation(x)} the result is {@code body(a) + shortcut(a)},
     * or {@code body(a) + x} where there is no shortcut.
     */
    record Residual(List<Layer> activation, List<Layer> body, List<Layer> shortcut)
            implements Layer {

        public Residual {
            activation = List.copyOf(activation);
            body = List.copyOf(body);
            shortcut = List.copyOf(shortcut);
        }

        @Override
        public List<Parameter> parameters() {
            return parts().flatMap(layer -> layer.parameters().stream()).toList();
        }

        @Override
        public List<Parameter> buffers() {
            return parts().flatMap(layer -> layer.buffers().stream()).toList();
        }

        private Stream<Layer> parts() {
            return Stream.of(activation, body, shortcut).flatMap(List::stream);
        }
    }
}
