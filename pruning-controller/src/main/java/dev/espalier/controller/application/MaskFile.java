// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.tensor.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mask that is not in the store yet.
 *
 * @param mask m_{t+1}
 * @param file its bytes
 * @param ref what it will be in the store
 */
record MaskFile(Mask mask, Path file, ArtifactRef ref) implements AutoCloseable {

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
