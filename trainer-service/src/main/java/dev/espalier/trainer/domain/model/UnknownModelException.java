// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import dev.espalier.trainer.domain.data.ImageShape;

/** A run asks for a network that this trainer does not have, or not for such images. */
public final class UnknownModelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnknownModelException(String name) {
        super(
                "Unknown model '%s'\nMaybe one of: %s."
                        .formatted(name, String.join(", ", Architecture.NAMES)));
    }

    UnknownModelException(String name, int smallestSide, ImageShape input) {
        super(
                "Model '%s' needs images of at least %d×%d; these are %d×%d\nMaybe choose another model."
                        .formatted(
                                name, smallestSide, smallestSide, input.height(), input.width()));
    }
}
