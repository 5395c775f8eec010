// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import java.io.Serial;

/**
 * The process ends at this instant, as after {@code kill -9}. Only a simulation throws it. The
 * processor and the pump let it pass and do nothing more.
 */
public abstract class ProcessKilledError extends Error {

    @Serial private static final long serialVersionUID = 1;

    protected ProcessKilledError(String message) {
        super(message, null, false, false);
    }
}
