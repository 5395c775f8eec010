// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import java.util.List;

/** One affine map from pixels to classes. */
public record Linear(int inputs, int classes) implements Architecture {

    static final String NAME = "linear";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.of("linear.weight", classes, inputs),
                Parameter.of("linear.bias", classes));
    }
}
