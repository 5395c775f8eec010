// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.host;

/** A port that was asked for is taken. */
public final class PortInUseException extends LocalStackException {
    private static final long serialVersionUID = 1L;

    private final int port;

    PortInUseException(String purpose, int port) {
        super(
                "Port %d on 127.0.0.1, wanted for %s, is in use.%nTry: stop the other stack or broker, or choose another port."
                        .formatted(port, purpose));
        this.port = port;
    }

    public int port() {
        return port;
    }
}
