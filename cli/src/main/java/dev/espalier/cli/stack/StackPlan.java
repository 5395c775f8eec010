// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import dev.espalier.cli.CliException;
import dev.espalier.local.host.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which ports and which folder a stack is to have.
 *
 * @param kafkaPort on 127.0.0.1, like all others
 * @param servicePorts one per service
 */
public record StackPlan(
        Path dataFolder, int kafkaPort, int storePort, Map<LoopService, Integer> servicePorts) {

    public static final int USUAL_KAFKA_PORT = 19_092;
    public static final int USUAL_STORE_PORT = 19_000;

    public StackPlan {
        servicePorts = Map.copyOf(servicePorts);
    }

    /** A plan whose every 0 is replaced by a free port, all of them different. */
    public static StackPlan of(
            Path dataFolder, int kafkaPort, int storePort, Map<LoopService, Integer> servicePorts) {
        Set<Integer> taken = new HashSet<>(servicePorts.values());
        taken.add(kafkaPort);
        taken.add(storePort);
        Map<LoopService, Integer> ports = new EnumMap<>(LoopService.class);
        servicePorts.forEach((service, port) -> ports.put(service, orFree(port, taken)));
        return new StackPlan(
                dataFolder.toAbsolutePath().normalize(),
                orFree(kafkaPort, taken),
                orFree(storePort, taken),
                ports);
    }

    /** A plan that disturbs nobody. */
    public static StackPlan onFreePorts(Path dataFolder) {
        Map<LoopService, Integer> any = new EnumMap<>(LoopService.class);
        for (LoopService service : LoopService.values()) {
            any.put(service, 0);
        }
        return of(dataFolder, 0, 0, any);
    }

    public int port(LoopService service) {
        return servicePorts.getOrDefault(service, service.usualPort());
    }

    /** Where each service logs. */
    public Path logFile(String label) {
        return logFolder().resolve(label + ".log");
    }

    public Path logFolder() {
        return dataFolder.resolve("logs");
    }

    /** Refuses a port that somebody listens on: a service would only say so in its log. */
    void requireServicePorts() {
        servicePorts.forEach(
                (service, port) -> {
                    try (ServerSocket socket = new ServerSocket()) {
                        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    } catch (IOException e) {
                        throw CliException.failure(
                                "port %d, which %s is to have, is in use\nMaybe another stack runs; or choose another port, 0 for any: see espalier up --help"
                                        .formatted(port, service.label()),
                                e);
                    }
                });
    }

    private static int orFree(int port, Set<Integer> taken) {
        int chosen = port;
        while (chosen == 0) {
            int free = Ports.free();
            chosen = taken.add(free) ? free : 0;
        }
        return chosen;
    }
}
