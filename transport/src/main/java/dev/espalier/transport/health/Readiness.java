// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.health;

import java.util.List;

/**
 * The answer to a readiness probe.
 *
 * @param reasons why the service is not ready; empty if it is ready
 */
public record Readiness(boolean isReady, List<String> reasons) {

    public Readiness {
        reasons = List.copyOf(reasons);
    }

    /** Returns the reasons in one line. */
    public String text() {
        return String.join("; ", reasons);
    }
}
