// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.domain.history.History;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.decision.DecisionRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The register of a run, each entry read at most once while one decision is made. */
final class RememberedHistory implements History {

    private final Register register;
    private final RunId run;
    private final Map<Integer, Optional<DecisionRecord>> read = new HashMap<>();

    RememberedHistory(Register register, RunId run) {
        this.register = register;
        this.run = run;
    }

    @Override
    public Optional<DecisionRecord> at(int iteration) {
        return read.computeIfAbsent(iteration, t -> register.find(run, t));
    }
}
