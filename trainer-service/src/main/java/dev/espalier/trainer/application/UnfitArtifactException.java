// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

/** Weights or a mask belong to another network. */
public final class UnfitArtifactException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnfitArtifactException(String message) {
        super(message);
    }
}
