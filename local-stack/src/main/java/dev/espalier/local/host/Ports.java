// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * Ports on the loopback address. Checked before anything starts: a broker that finds its port taken
 * leaves threads behind that keep the JVM alive.
 */
public final class Ports {
    /** Below the range that operating systems give to outgoing connections. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 200;

    private Ports() {}

    /** A port that nobody listens on now. Another process may still be quicker to take it. */
    public static int free() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = random.nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new LocalStackException(
                "No free port found between %d and %d on 127.0.0.1".formatted(FIRST, LAST));
    }

    /**
     * The port itself when it is free, or any free one for 0.
     *
     * @throws PortInUseException when it is taken
     */
    public static int require(String purpose, int port) {
        if (port == 0) {
            return free();
        }
        if (!isFree(port)) {
            throw new PortInUseException(purpose, port);
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
