// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.check;

import dev.espalier.schemas.ObjectKey;
import java.io.Serial;

/** Something is named, by a register or by an event, and is not there. */
final class MissingObjectException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    MissingObjectException(ObjectKey key) {
        super(key + " is named and not there");
    }
}
