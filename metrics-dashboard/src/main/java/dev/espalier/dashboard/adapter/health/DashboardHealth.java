// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.health;

import dev.espalier.dashboard.application.BrowseRuns;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the read model holds all that the topics held at the start. */
@Readiness
@Singleton
final class DashboardHealth implements HealthCheck {

    private final BrowseRuns browse;

    DashboardHealth(BrowseRuns browse) {
        this.browse = browse;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("topics read").status(browse.isCaughtUp()).build();
    }
}
