// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.meters;

import java.util.Locale;

/** What became of a record. */
public enum EventOutcome {
    PROCESSED,
    /** Its result was known before. */
    DUPLICATE,
    /** One further attempt after a failure. */
    RETRIED,
    DEAD_LETTERED;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
