// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import dev.espalier.local.process.ServiceSpec;
import java.util.Map;

/** The four services of the loop, and how each is started on one machine. */
public enum LoopService {
    DASHBOARD("metrics-dashboard", 18_080),
    TRAINER("trainer-service", 18_081),
    PQI("pqi-service", 18_082),
    CONTROLLER("pruning-controller", 18_083);

    private final String label;
    private final int usualPort;

    LoopService(String label, int usualPort) {
        this.label = label;
        this.usualPort = usualPort;
    }

    /** The name of its folder, its process and its log. */
    public String label() {
        return label;
    }

    public int usualPort() {
        return usualPort;
    }

    /** What makes the service's process this one and no other. */
    ServiceSpec flagged(ServiceSpec spec) {
        return switch (this) {
            // AUTO,STRICT: one machine's MKL always adds in one order, so a resumed run ends in the
            // same bytes.
            case TRAINER ->
                    spec.withJvmFlags("-Xmx1g").withEnvironment(Map.of("MKL_CBWR", "AUTO,STRICT"));
            case DASHBOARD, PQI, CONTROLLER -> spec.withJvmFlags("-Xmx256m", "-XX:+UseSerialGC");
        };
    }
}
