// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import java.io.Serial;

/** The broker did not take an event. Trying again later may help. */
public final class BrokerUnavailableException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public BrokerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
