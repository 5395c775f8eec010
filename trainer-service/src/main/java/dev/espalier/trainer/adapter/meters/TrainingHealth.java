// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.meters;

import dev.espalier.trainer.application.TrainRuns;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive as long as the training thread is; whatever takes long there is no illness. */
@Liveness
@Singleton
final class TrainingHealth implements HealthCheck {

    private final TrainRuns runs;

    TrainingHealth(TrainRuns runs) {
        this.runs = runs;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("training thread").status(runs.isAlive()).build();
    }
}
