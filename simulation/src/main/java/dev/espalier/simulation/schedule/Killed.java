// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

import dev.espalier.transport.handling.ProcessKilledError;
import java.io.Serial;

/**
 * What {@code kill -9} does. An error, so that nobody takes it for a failure to recover from; who
 * catches it all the same finds every port closed.
 */
public final class Killed extends ProcessKilledError {

    @Serial private static final long serialVersionUID = 1;

    Killed() {
        super("killed");
    }
}
