// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

import dev.espalier.schemas.tensor.Mask;

/**
 * A mask that can be used until it is closed.
 *
 * @param release what holds it
 */
public record MaskLease(Mask mask, Runnable release) implements AutoCloseable {

    @Override
    public void close() {
        release.run();
    }
}
