// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import dev.espalier.local.host.LocalStackException;
import java.util.List;

/** A service died, or did not become ready in time. The message ends with its last log lines. */
public final class ServiceFailedException extends LocalStackException {
    private static final long serialVersionUID = 1L;

    ServiceFailedException(String what, List<String> lastLines) {
        super(
                lastLines.isEmpty()
                        ? what + "\nIt logged nothing."
                        : what
                                + "\nThe last lines of its log:\n  "
                                + String.join("\n  ", lastLines));
    }
}
