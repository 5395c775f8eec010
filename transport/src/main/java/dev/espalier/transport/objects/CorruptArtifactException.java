// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ForeignText;
import java.io.Serial;

/** An artefact is not what its reference promises. Reading it again will not help. */
public final class CorruptArtifactException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public CorruptArtifactException(String message) {
        super(ForeignText.reason(message));
    }
}
