// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.model.Mlp;
import java.util.List;

/** What each architecture computes: logits (batch, classes) of flat images (batch, inputs). */
@FunctionalInterface
interface Forward {

    /** {@code parameters} are in the order of the architecture. */
    NDArray logits(NDArray images, List<? extends NDArray> parameters);

    static Forward of(Architecture architecture) {
        return switch (architecture) {
            case dev.espalier.trainer.domain.model.Linear _ -> Forward::linear;
            case Mlp _ -> Forward::mlp;
        };
    }

    private static NDArray linear(NDArray images, List<? extends NDArray> p) {
        return affine(images, p, 0);
    }

    private static NDArray mlp(NDArray images, List<? extends NDArray> p) {
        NDArray first = Activation.relu(affine(images, p, 0));
        NDArray second = Activation.relu(affine(first, p, 2));
        return affine(second, p, 4);
    }

    private static NDArray affine(NDArray x, List<? extends NDArray> p, int weight) {
        return Linear.linear(x, p.get(weight), p.get(weight + 1)).singletonOrThrow();
    }
}
