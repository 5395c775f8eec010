// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that behaves as a service does towards whoever starts it. Its argument says how: {@code
 * ready}, {@code never-ready}, {@code dies}, {@code ignores-term}.
 */
final class HealthMain {
    private HealthMain() {}

    public static void main(String[] args) throws Exception {
        String behaviour = args[0];
        System.out.println("behaving as " + behaviour + " é");
        if (behaviour.equals("dies")) {
            System.err.println("no weights here");
            System.exit(7);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(args)));
        int port = Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT"));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(
                "/q/health/ready",
                exchange -> {
                    byte[] body = "kafka is DOWN".getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    boolean ready = !behaviour.equals("never-ready");
                    exchange.sendResponseHeaders(ready ? 200 : 503, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        System.out.println("greeting is " + System.getenv("GREETING"));
    }

    private static void stop(String[] args) {
        System.out.println("stopping");
        try {
            if (args[0].equals("ignores-term")) {
                Thread.sleep(60_000);
            }
            if (args.length > 1) {
                Files.writeString(Path.of(args[1]), "stopped in order");
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
