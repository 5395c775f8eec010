// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.health;

import dev.espalier.trainer.application.run.TrainRuns;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive as long as the training thread is; whatever takes long there is no illness. */
@Liveness
@Singleton
final class TrainerHealth implements HealthCheck {

    private final TrainRuns runs;

    TrainerHealth(TrainRuns runs) {
        this.runs = runs;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("training thread").status(runs.isAlive()).build();
    }
}
