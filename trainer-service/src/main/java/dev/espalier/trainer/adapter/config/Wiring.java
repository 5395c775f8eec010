// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.config;

import dev.espalier.trainer.application.CheckpointPlan;
import dev.espalier.trainer.application.EventPublisher;
import dev.espalier.trainer.application.ReportedRuns;
import dev.espalier.trainer.application.RunArtifacts;
import dev.espalier.trainer.application.TrainerSettings;
import dev.espalier.trainer.application.TrainingEngine;
import dev.espalier.trainer.application.TrainingObserver;
import dev.espalier.trainer.application.run.TrainRuns;
import dev.espalier.transport.objects.StoreSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Puts the application together. It sees ports only; the other adapters offer themselves. */
@Dependent
final class Wiring {

    private static final Logger LOGGER = Logger.getLogger(Wiring.class);

    @Produces
    @Singleton
    static Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    static TrainerSettings settings(TrainerConfig config) {
        String folder =
                config.temporaryFolder().orElseGet(() -> System.getProperty("java.io.tmpdir"));
        return new TrainerSettings(
                config.threads(),
                Path.of(folder),
                new CheckpointPlan(config.checkpoint().epochs(), config.checkpoint().interval()));
    }

    @Produces
    @Singleton
    static StoreSettings store(TrainerConfig config) {
        TrainerConfig.Store store = config.store();
        return new StoreSettings(
                store.endpoint(),
                store.region(),
                store.bucket(),
                store.accessKey().orElse(""),
                store.secretKey().orElse(""));
    }

    @Produces
    @Singleton
    @Startup
    static TrainRuns trainRuns(
            RunArtifacts artifacts,
            EventPublisher events,
            ReportedRuns reported,
            TrainingEngine engine,
            TrainingObserver observer,
            TrainerSettings settings,
            Clock clock) {
        if (System.getenv("MKL_CBWR") == null) {
            LOGGER.warn(
                    "MKL_CBWR is not set, so equal runs may differ in their last bits\nMaybe start the trainer with MKL_CBWR=AUTO,STRICT.");
        }
        TrainRuns runs =
                new TrainRuns(
                        artifacts,
                        events,
                        reported,
                        engine,
                        observer,
                        settings.checkpoints(),
                        clock);
        runs.start();
        return runs;
    }

    /**
     * Before anything is taken apart: the state within an iteration still has to reach the store.
     */
    static void stop(@Observes ShutdownEvent event, TrainRuns runs) {
        runs.close();
    }
}
