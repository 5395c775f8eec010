// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import dev.espalier.trainer.application.TrainerSettings;
import dev.espalier.trainer.application.TrainingEngine;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Loads the engine once. */
@Dependent
final class EngineProducer {

    private static final Logger LOGGER = Logger.getLogger(EngineProducer.class);

    @Produces
    @Singleton
    static TrainingEngine engine(TrainerSettings settings) {
        DjlEngine engine = new DjlEngine(settings.threads());
        LOGGER.infof(
                "PyTorch %s on the CPU with %d thread(s)%s",
                engine.version(),
                settings.threads(),
                engine.keepsMemory() ? "" : "; allocator left as it is");
        return engine::open;
    }
}
