// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import dev.espalier.schemas.ForeignText;
import java.io.Serial;

/** The bytes are not a safetensors file, or not the expected one. Reading again will not help. */
public final class SafetensorsException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public SafetensorsException(String message) {
        super(ForeignText.reason(message));
    }

    public SafetensorsException(String message, Throwable cause) {
        super(ForeignText.reason(message), cause);
    }
}
