// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.meters;

import java.util.Locale;

/** How a piece of work ended. */
public enum WorkOutcome {
    SUCCESS,
    /** A repeated request found the result in the store. */
    DUPLICATE,
    FAILURE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
