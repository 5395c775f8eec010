// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.meters;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Tells which build a service is. */
public final class BuildMeters {

    private BuildMeters() {}

    public static void register(MeterRegistry registry, String version, String commitId) {
        Gauge.builder("espalier.build.info", () -> 1)
                .description("The build of this service; always 1")
                .tag("version", version)
                .tag("commit_id", commitId)
                .register(registry);
    }
}
