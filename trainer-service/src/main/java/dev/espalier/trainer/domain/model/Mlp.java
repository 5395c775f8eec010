// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

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
    public List<Parameter> parameters() {
        return List.of(
                Parameter.of("fc1.weight", FIRST, inputs),
                Parameter.of("fc1.bias", FIRST),
                Parameter.of("fc2.weight", SECOND, FIRST),
                Parameter.of("fc2.bias", SECOND),
                Parameter.of("fc3.weight", classes, SECOND),
                Parameter.of("fc3.bias", classes));
    }
}
