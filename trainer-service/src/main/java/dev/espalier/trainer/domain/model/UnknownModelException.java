// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

/** A run asks for a network that this trainer does not have. */
public final class UnknownModelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnknownModelException(String name) {
        super(
                "Unknown model '%s'\nMaybe one of: %s."
                        .formatted(name, String.join(", ", Architecture.NAMES)));
    }
}
