// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Which tensors can be pruned, as in the paper's code: weights of more than one dimension. Biases
 * and the affine parameters of normalisation are never masked, and count in no number of the loop.
 */
public final class Maskable {

    private Maskable() {}

    /** Why the tensor cannot be pruned, or null if it can. */
    public static @Nullable String refusal(TensorInfo tensor) {
        if (!tensor.name().endsWith("weight")) {
            return "its name does not end in 'weight'";
        }
        if (tensor.shape().size() < 2) {
            return "it has %d dimension%s, fewer than 2"
                    .formatted(tensor.shape().size(), tensor.shape().size() == 1 ? "" : "s");
        }
        if (!tensor.dtype().isWeight()) {
            return "its type %s is none of F64, F32, F16, BF16".formatted(tensor.dtype());
        }
        if (tensor.count() == 0) {
            return "it is empty";
        }
        return null;
    }
}
