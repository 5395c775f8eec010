// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.replay;

import dev.espalier.controller.application.Runs.KnownRun;
import dev.espalier.controller.application.SelectedPolicies.ChosenPolicy;
import dev.espalier.controller.application.decision.DecidePruning;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.transport.objects.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides without Kafka: from the objects of a run, its earlier decisions included, and stores the
 * decision and the mask as the service does.
 */
public final class DecideAlone {

    private final ObjectStore store;
    private final Formulas formulas;
    private final Path folder;

    /**
     * @param formulas for policies with expressions
     * @param folder for temporary files
     */
    public DecideAlone(ObjectStore store, Formulas formulas, Path folder) {
        this.store = store;
        this.formulas = formulas;
        this.folder = folder;
    }

    /**
     * @param event the measurement of a snapshot, or that there is none
     * @param policy in force; null for that of the request, else the built-in one
     */
    public PruningDecided decide(
            IterationEvent event, RunRequested request, @Nullable Policy policy) {
        Optional<ChosenPolicy> chosen =
                Optional.ofNullable(policy)
                        .map(given -> new ChosenPolicy(given, request.eventId()));
        return new DecidePruning(
                        store,
                        run ->
                                Optional.of(
                                        new KnownRun(request.specification(), request.eventId())),
                        target -> target.equals(event.runId().value()) ? chosen : Optional.empty(),
                        (decided, cause) -> {},
                        formulas,
                        folder)
                .decide(event, event.eventId())
                .decision();
    }
}
