// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.kafka;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/** Tells outages of the broker from permanent errors. */
public final class KafkaErrors {

    private KafkaErrors() {}

    /**
     * True if the same request may succeed later without a change in this process: the broker is
     * away, is slow, has no leader, or does not yet authorise the client.
     */
    public static boolean isTransient(Throwable error) {
        return error instanceof RetriableException
                || error instanceof AuthorizationException
                || error instanceof AuthenticationException;
    }
}
