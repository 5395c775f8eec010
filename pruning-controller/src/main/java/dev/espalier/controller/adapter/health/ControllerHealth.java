// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.health;

import dev.espalier.controller.application.Readiness;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Down until the store was proved and the topics were read, and while one of them is away. */
@Singleton
@org.eclipse.microprofile.health.Readiness
final class ControllerHealth implements HealthCheck {

    private static final String NAME = "decide";

    private final Readiness readiness;

    ControllerHealth(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public HealthCheckResponse call() {
        String hindrance = readiness.hindrance();
        return hindrance == null
                ? HealthCheckResponse.up(NAME)
                : HealthCheckResponse.named(NAME).down().withData("reason", hindrance).build();
    }
}
