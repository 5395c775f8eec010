// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.tensor.Mask;

/**
 * A mask that can be used until it is closed.
 *
 * @param release what holds it
 */
record OpenMask(Mask mask, Runnable release) implements AutoCloseable {

    @Override
    public void close() {
        release.run();
    }
}
