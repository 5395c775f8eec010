// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskFile;
import dev.espalier.transport.objects.LocalArtifact;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A mask that can be used until it is closed: its bits stay in a temporary file. */
final class OpenMask implements AutoCloseable {

    /** Every weight active. */
    static final OpenMask DENSE = new OpenMask(Mask.DENSE, null, null);

    private final Mask mask;
    private final @Nullable MaskFile mapped;
    private final @Nullable LocalArtifact artifact;

    private OpenMask(Mask mask, @Nullable MaskFile mapped, @Nullable LocalArtifact artifact) {
        this.mask = mask;
        this.mapped = mapped;
        this.artifact = artifact;
    }

    /**
     * @param artifact is closed with this, or at once if it holds no mask
     */
    static OpenMask in(LocalArtifact artifact) throws IOException {
        try {
            MaskFile mapped = MaskFile.open(artifact.file());
            return new OpenMask(mapped.mask(), mapped, artifact);
        } catch (IOException | RuntimeException e) {
            artifact.close();
            throw e;
        }
    }

    Mask mask() {
        return mask;
    }

    @Override
    public void close() throws IOException {
        if (mapped != null) {
            mapped.close();
        }
        if (artifact != null) {
            artifact.close();
        }
    }
}
