// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.config;

import dev.espalier.controller.application.EventPublisher;
import dev.espalier.controller.application.Patience;
import dev.espalier.controller.application.Readiness;
import dev.espalier.controller.application.Runs;
import dev.espalier.controller.application.SelectedPolicies;
import dev.espalier.controller.application.StartupGate;
import dev.espalier.controller.application.Time;
import dev.espalier.controller.application.TopicView;
import dev.espalier.controller.application.decision.DecidePruning;
import dev.espalier.controller.application.decision.RetryingDecision;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.transport.objects.CreationProbe;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreSettings;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Makes the use cases, which know nothing of Quarkus. */
@Singleton
final class Wiring {

    @Produces
    @Singleton
    StoreSettings storeSettings(ControllerConfig config) {
        ControllerConfig.Store store = config.store();
        return new StoreSettings(
                store.endpoint(),
                store.region(),
                store.bucket(),
                store.accessKey().orElse(""),
                store.secretKey().orElse(""));
    }

    @Produces
    @Singleton
    Readiness readiness() {
        return new Readiness();
    }

    @Produces
    @Singleton
    Time time() {
        return new SystemTime();
    }

    @Produces
    @Singleton
    Patience patience(ControllerConfig config) {
        ControllerConfig.Retry retry = config.retry();
        return new Patience(
                retry.forRun(), retry.forOutage(), retry.firstPause(), retry.longestPause());
    }

    @Produces
    @Singleton
    RetryingDecision decide(
            ObjectStore store,
            Runs runs,
            SelectedPolicies policies,
            EventPublisher publisher,
            Formulas formulas,
            Patience patience,
            Readiness readiness,
            Time time,
            ControllerConfig config) {
        var decidePruning =
                new DecidePruning(
                        store,
                        runs,
                        policies,
                        publisher,
                        formulas,
                        WorkFolder.emptied(config.workFolder()));
        return new RetryingDecision(decidePruning, patience, readiness, time);
    }

    @Produces
    @Singleton
    StartupGate open(
            ObjectStore store,
            Instance<TopicView> views,
            Patience patience,
            Readiness readiness,
            Time time) {
        return new StartupGate(
                new CreationProbe(store),
                List.copyOf(views.stream().toList()),
                patience,
                readiness,
                time);
    }
}
