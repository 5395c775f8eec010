// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.objects.ObjectStore;
import java.util.Optional;

/** The decisions that were made. Whoever creates an entry first has decided, for everybody. */
final class Register {

    private final ObjectStore store;

    Register(ObjectStore store) {
        this.store = store;
    }

    Optional<DecisionRecord> find(RunId run, int iteration) {
        ObjectKey key = ObjectKey.decision(run, iteration);
        return store.read(key).map(json -> Document.DECISION.readJson(key.value(), json));
    }

    /**
     * @return false where a decision was there already; it holds
     */
    boolean enter(DecisionRecord decided) {
        PruningDecided decision = decided.decision();
        return store.createIfAbsent(
                ObjectKey.decision(decision.runId(), decision.iteration()), Json.bytes(decided));
    }
}
