// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.health;

import dev.espalier.pqi.application.StoreProbe;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while the store is away. Liveness does not depend on it. */
@Readiness
@Singleton
final class PqiHealth implements HealthCheck {

    private final StoreProbe probe;

    PqiHealth(StoreProbe probe) {
        this.probe = probe;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("object store");
        Optional<String> trouble = probe.trouble();
        trouble.ifPresent(text -> response.withData("error", text));
        return response.status(trouble.isEmpty()).build();
    }
}
