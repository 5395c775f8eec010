// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.time;

import java.io.Serial;

/**
 * A wait for the store or the broker was interrupted, because the service stops. The thread's
 * interrupt status is set. The work is unfinished: its record is left for redelivery.
 */
public final class WaitInterruptedException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public WaitInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
