// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

/** Training left the finite numbers; repeating it would end the same way. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DivergedException(String message) {
        super(message);
    }
}
