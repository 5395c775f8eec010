// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import dev.espalier.local.host.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts one service, says its pid, and waits to be killed. */
final class LauncherMain {
    private LauncherMain() {}

    public static void main(String[] args) throws Exception {
        ServiceProcess service =
                ServiceProcess.start(
                        new ServiceSpec(
                                "svc",
                                List.of(Path.of("target", "test-classes")),
                                HealthMain.class.getName(),
                                List.of("ready", args[0]),
                                Ports.free(),
                                List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
                                Map.of(),
                                Optional.empty()));
        service.awaitReady(Duration.ofSeconds(20));
        System.out.println(service.pid());
        Thread.sleep(Duration.ofMinutes(5));
    }
}
