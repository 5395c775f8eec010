// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mask that is not in the store yet. It stays in its file, which is mapped.
 *
 * @param mapped m_{t+1}
 * @param file its bytes
 * @param ref what it will be in the store
 */
record MadeMask(MaskFile mapped, Path file, ArtifactRef ref) implements AutoCloseable {

    Mask mask() {
        return mapped.mask();
    }

    @Override
    public void close() throws IOException {
        mapped.close();
        Files.deleteIfExists(file);
    }
}
